import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { expectProblem } from '../support/expect-problem.js';
import { ToyService } from '../support/toy-service.js';

const GOOD = { email: 'a@example.com', password: 'correct horse' };

describe('validation', () => {
  let toy: ToyService;
  beforeAll(async () => {
    toy = await ToyService.start();
  });
  afterAll(() => toy.stop());

  const errorsOf = async (body: object): Promise<string[][]> => {
    const problem = await expectProblem(await toy.post('/people', JSON.stringify(body)), 400, 'validation_failed');
    expect(JSON.stringify(problem)).not.toContain('canary');
    return (problem.errors ?? []).map(({ field, code }) => [field, code]);
  };

  it('lets a good body through', async () => {
    const response = await toy.post('/people', JSON.stringify({ ...GOOD, agreed: true }));
    expect(await response.json()).toEqual({ keys: ['email', 'password', 'agreed'], polluted: false });
  });

  it('gives one error for a missing property', async () => {
    expect(await errorsOf({ email: GOOD.email })).toEqual([['password', 'required']]);
  });

  it("names the rule's own code and sentence", async () => {
    const response = await toy.post('/people', JSON.stringify({ email: 'canary', password: 'canary' }));
    expect((await expectProblem(response, 400, 'validation_failed')).errors).toEqual([
      { field: 'email', code: 'invalid_email', detail: 'This is not an address.' },
      { field: 'password', code: 'password_too_short', detail: 'A password has at least 8 characters.' },
    ]);
  });

  it('tells with other faults what a service would find next, and leaves it to the service where there are none', async () => {
    const motto = 'dull canary';
    expect((await toy.post('/people', JSON.stringify({ ...GOOD, motto }))).status).toBe(201);
    expect(await errorsOf({ ...GOOD, email: 'canary', motto })).toEqual([
      ['email', 'invalid_email'],
      ['motto', 'dull_motto'],
    ]);
    expect(await errorsOf({ ...GOOD, email: 'canary', motto: 'bright' })).toEqual([['email', 'invalid_email']]);
    expect(await errorsOf({ ...GOOD, email: 'canary', motto: 7 })).toEqual([
      ['email', 'invalid_email'],
      ['motto', 'not_a_string'],
    ]);
  });

  it.each([[7], [true], [null], [['canary']], [{ canary: 1 }], [['a@example.com']]])(
    'takes %j for no string',
    async (value) => {
      expect(await errorsOf({ ...GOOD, password: value })).toEqual([['password', 'not_a_string']]);
      expect(await errorsOf({ ...GOOD, email: value })).toEqual([['email', 'invalid_email']]);
    },
  );

  it('says in a sentence of its own what a property of the wrong type is to be', async () => {
    const response = await toy.post('/people', JSON.stringify({ ...GOOD, agreed: 'canary', place: 7 }));
    expect((await expectProblem(response, 400, 'validation_failed')).errors).toEqual([
      { field: 'agreed', code: 'not_a_boolean', detail: 'Must be true or false.' },
      { field: 'place', code: 'not_an_object', detail: 'Must be an object.' },
    ]);
  });

  it('names the words of which one is asked for', async () => {
    const problem = await expectProblem(await toy.fetch('/hello?keep=canary'), 400, 'validation_failed');
    expect(problem.errors).toEqual([
      { field: 'keep', code: 'not_an_allowed_value', detail: 'Must be one of: current.' },
    ]);
  });

  it('converts nothing', async () => {
    expect(await errorsOf({ ...GOOD, agreed: 'true' })).toEqual([['agreed', 'not_a_boolean']]);
    expect(await errorsOf({ ...GOOD, agreed: 1 })).toEqual([['agreed', 'not_a_boolean']]);
  });

  it.each(['role', 'id', 'isAdmin', 'emailVerified', 'passwordHash'])(
    'refuses the unknown property %s',
    async (name) => {
      expect(await errorsOf({ ...GOOD, [name]: 'canary' })).toEqual([[name, 'unknown_property']]);
    },
  );

  it('does not repeat the name of an unknown property that is not a plain one', async () => {
    expect(await errorsOf({ ...GOOD, '<canary>': 1 })).toEqual([['(unknown)', 'unknown_property']]);
    expect(await errorsOf({ ...GOOD, ['x'.repeat(65)]: 1 })).toEqual([['(unknown)', 'unknown_property']]);
  });

  it('answers a flood of unknown properties with at most 20 errors', async () => {
    const flood = Object.fromEntries(Array.from({ length: 500 }, (_, i) => [`p${i}`, 1]));
    expect(await errorsOf({ ...GOOD, ...flood })).toHaveLength(20);
  });

  it('names nested properties by their path', async () => {
    expect(await errorsOf({ ...GOOD, place: {} })).toEqual([['place.town', 'required']]);
    expect(await errorsOf({ ...GOOD, place: { town: 7 } })).toEqual([['place.town', 'not_a_string']]);
    expect(await errorsOf({ ...GOOD, place: { town: 'x', '<canary>': 1 } })).toEqual([
      ['place.(unknown)', 'unknown_property'],
    ]);
    expect(await errorsOf({ ...GOOD, place: 'canary' })).toEqual([['place', 'not_an_object']]);
  });

  it('holds a query to its rules', async () => {
    expect((await toy.fetch('/hello?keep=current')).status).toBe(200);
    await expectProblem(await toy.fetch('/hello?keep=all'), 400, 'validation_failed');
    await expectProblem(await toy.fetch('/hello?keep=current&keep=current'), 400, 'validation_failed');
    await expectProblem(await toy.fetch('/hello?other=1'), 400, 'validation_failed');
  });

  it.each(['__proto__=1', 'constructor=1', 'hasOwnProperty=1', '__proto__[polluted]=1'])(
    'refuses the query ?%s',
    async (query) => {
      const response = await toy.fetch(`/hello?${query}`);
      expect(response.status).toBe(400);
      expect('polluted' in {}).toBe(false);
    },
  );
});

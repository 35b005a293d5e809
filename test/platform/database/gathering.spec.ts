import { jest } from '@jest/globals';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { Gathering } from '../../../src/platform/database/gathering.js';
import { isDatabaseTrouble } from '../../../src/platform/database/trouble.js';
import { currentRequest, inRequest } from '../../../src/platform/request-context.js';

/** A group that was sent, and stays under way until it is told how it ends. */
interface Sent {
  items: string[];
  end(outcomes: Record<string, string>): void;
  fail(error: Error): void;
}

/** The key is the item's first letter. */
function gathering(limits = { lanes: 2, most: 3 }) {
  const sent: Sent[] = [];
  const gathered = new Gathering<string, string>(limits, (items) => {
    return new Promise((resolve, fail) => {
      sent.push({ items, end: (outcomes) => resolve(new Map(Object.entries(outcomes))), fail });
    });
  });
  return { sent, join: (item: string) => gathered.join(item.slice(0, 1), item) };
}

const itemsOf = (sent: Sent[]): string[][] => sent.map(({ items }) => items);

describe('Gathering', () => {
  it('sends what arrives in one turn together, as many as may be', async () => {
    const { sent, join } = gathering();
    for (const item of ['a', 'b', 'c', 'd']) void join(item);
    await nextTurn();
    expect(itemsOf(sent)).toEqual([['a', 'b', 'c'], ['d']]);
  });

  it('sends one that comes alone at once', async () => {
    const { sent, join } = gathering();
    void join('a');
    await nextTurn();
    expect(itemsOf(sent)).toEqual([['a']]);
  });

  it('gathers whatever comes while all lanes are taken, until one is free', async () => {
    const { sent, join } = gathering();
    for (const item of ['a', 'b', 'c', 'd']) {
      void join(item);
      await nextTurn();
    }
    expect(itemsOf(sent)).toEqual([['a'], ['b']]);
    sent[0]!.end({});
    await nextTurn();
    expect(itemsOf(sent)).toEqual([['a'], ['b'], ['c', 'd']]);
  });

  it('takes one of each key, and the next of it with the next group', async () => {
    const { sent, join } = gathering({ lanes: 1, most: 3 });
    for (const item of ['a1', 'a2', 'a3', 'b1', 'b2']) void join(item);
    await nextTurn();
    for (const i of [0, 1]) {
      sent[i]!.end({});
      await nextTurn();
    }
    expect(itemsOf(sent)).toEqual([['a1', 'b1'], ['a2', 'b2'], ['a3']]);
  });

  it('tells each its own outcome, and whom it leaves out nothing', async () => {
    const { sent, join } = gathering();
    const joined = Promise.all(['a', 'b', 'c'].map(join));
    await nextTurn();
    sent[0]!.end({ c: 'third', a: 'first' });
    expect(await joined).toEqual(['first', undefined, 'third']);
  });

  it('tells a failure to all in the group, and goes on', async () => {
    const { sent, join } = gathering({ lanes: 1, most: 2 });
    const joined = Promise.allSettled(['a', 'b', 'c'].map(join));
    await nextTurn();
    sent[0]!.fail(new Error('lost'));
    await nextTurn();
    sent[1]!.end({ c: 'third' });
    expect((await joined).map(({ status }) => status)).toEqual(['rejected', 'rejected', 'fulfilled']);
  });

  it('sends a group on behalf of no request, and gives each member back to its own', async () => {
    const seen: unknown[] = [];
    const gathered = new Gathering<string, string>({ lanes: 1, most: 1 }, (items) => {
      seen.push(currentRequest());
      return Promise.resolve(new Map(items.map((item) => [item, item])));
    });
    const ask = async (requestId: string): Promise<unknown> => {
      await gathered.join(requestId, requestId);
      return currentRequest()?.requestId;
    };
    const asked = ['first', 'second', 'third'].map((requestId) =>
      inRequest({ requestId, ip: null }, () => ask(requestId)),
    );
    expect(await Promise.all(asked)).toEqual(['first', 'second', 'third']);
    expect(seen).toEqual([undefined, undefined, undefined]);
  });

  describe('at a deadline', () => {
    beforeEach(() => void jest.useFakeTimers({ doNotFake: ['setImmediate', 'nextTick', 'queueMicrotask'] }));
    afterEach(() => void jest.useRealTimers());

    const asOfRequest = <T>(work: () => T): T => inRequest({ requestId: 'r', ip: null }, work);

    it('lets go of a member whose own has passed, while the group goes on for the others', async () => {
      const { sent, join } = gathering();
      const early = asOfRequest(() => join('a').catch((error: unknown) => error));
      jest.advanceTimersByTime(3_000);
      const late = asOfRequest(() => join('b'));
      await nextTurn();
      jest.advanceTimersByTime(500);
      expect(isDatabaseTrouble(await early)).toBe(true);
      sent[0]!.end({ a: 'too late', b: 'in time' });
      expect(await late).toBe('in time');
    });

    it('does not send what nobody waits for any more', async () => {
      const { sent, join } = gathering({ lanes: 1, most: 3 });
      void join('a');
      await nextTurn();
      const waited = asOfRequest(() => join('b').catch((error: unknown) => error));
      jest.advanceTimersByTime(3_500);
      expect(isDatabaseTrouble(await waited)).toBe(true);
      void join('c');
      sent[0]!.end({});
      await nextTurn();
      expect(itemsOf(sent)).toEqual([['a'], ['c']]);
    });
  });
});

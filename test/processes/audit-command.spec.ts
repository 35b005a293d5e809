import { Sealer } from '../../src/audit/chain/sealer.service.js';
import { Client } from '../support/http/client.js';
import { signedIn } from '../support/people/people.js';
import { startService, type TestService } from '../support/service/service.js';
import { endCommands, runBeside } from './support/commands.js';

describe('npm run audit', () => {
  let service: TestService;

  beforeAll(async () => {
    service = await startService();
    await signedIn(new Client(service.url));
    await service.app.get(Sealer, { strict: false }).seal();
  });
  afterAll(() => endCommands(service));

  /** @returns what it said, once it has ended with `code` */
  const audit = (words: string[], code = 0): Promise<string> =>
    runBeside(service, ['audit', ...words], { code, settings: { LOG_LEVEL: 'error' } });

  it('says what there is to ask for when it does not understand', async () => {
    const said = await audit(['verify', '--against', '2:abc'], 1);
    expect(said).toContain('Unknown command: audit verify --against 2:abc\n');
    for (const usage of ['npm run audit -- verify ', '--against SEQ:DIGEST']) expect(said).toContain(usage);
  });

  it.each([['--help'], ['verify', '--help'], ['-h']])('says at once what there is to ask for: %s', async (...words) => {
    const said = await audit(words);
    expect(said).toContain('npm run audit -- verify ');
    expect(said).not.toContain('failed');
  });

  it('finds a log as it was written, and gives the end to verify it against', async () => {
    const said = await audit(['verify']);
    expect(said).toContain('The audit log is intact: 2 events are sealed, 0 are');
    const [link = ''] = /2:[0-9a-f]{64}/.exec(said) ?? [];
    expect(await audit(['verify', '--against', link])).toContain(link);
    expect(await audit(['verify', '--against', link.replace(/.$/, (last) => (last === '0' ? '1' : '0'))], 1)).toContain(
      'Event 2 does not match',
    );
  });

  it('names what was changed, and ends with 1', async () => {
    await service.database.query('ALTER TABLE audit_events DISABLE TRIGGER USER');
    await service.database.query(`UPDATE audit_events SET detail = '{"a":1}' WHERE seq = 1`);
    expect(await audit(['verify'], 1)).toMatch(/^Event 1 \([0-9a-f-]{36}\) has been altered/m);
  });
});

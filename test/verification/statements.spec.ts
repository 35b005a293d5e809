import { randomBytes } from 'node:crypto';
import { Client } from '../support/http/client.js';
import { untilNothingIsQueued } from '../support/mail/mailed.js';
import { type Person, stranger } from '../support/people/people.js';
import { startService, type TestService } from '../support/service/service.js';
import { attribute, Collector } from '../platform/instruments/support/collector.js';

const PARENT = 'b7ad6b7169203331';

describe('A registration, where addresses must be confirmed', () => {
  let collector: Collector;
  let service: TestService;
  let client: Client;

  beforeAll(async () => {
    collector = await Collector.start();
    const settings = { EMAIL_VERIFICATION: 'required', OTEL_EXPORTER_OTLP_ENDPOINT: collector.url };
    service = await startService({ settings });
    client = new Client(service.url);
  });
  afterAll(async () => {
    await service.stop();
    collector.stop();
  });

  /** The statements of the request itself, by their names and in their order; not those of the work that it leaves behind. */
  const statementsOf = async (person: Person): Promise<string[]> => {
    const traceId = randomBytes(16).toString('hex');
    const headers = { traceparent: `00-${traceId}-${PARENT}-01` };
    expect((await client.post('/auth/register', person, { headers })).status).toBe(202);
    const name = 'POST /auth/register';
    const spans = await collector.trace(traceId, name);
    const { spanId } = spans.find((span) => span.name === name)!;
    return spans
      .filter((span) => span.parentSpanId === spanId && attribute(span, 'db.system.name') === 'postgresql')
      .sort((a, b) => Number(BigInt(a.startTimeUnixNano) - BigInt(b.startTimeUnixNano)))
      .map((span) => span.name);
  };

  it('makes the account, its link and the mail in one transaction', async () => {
    expect(await statementsOf(stranger())).toEqual([
      'account_find_claimant',
      'START',
      'user_insert',
      'credential_insert',
      'one_time_token_insert',
      'enqueue_job',
      'COMMIT',
    ]);
  });

  it('asks the database as often for an address that has an account as for one that has none', async () => {
    const [confirmed, unconfirmed] = [stranger(), stranger()];
    const { length } = await statementsOf(confirmed);
    await statementsOf(unconfirmed);
    await untilNothingIsQueued(service.database);
    await service.database.query('UPDATE users SET email_verified_at = now() WHERE email = $1', [confirmed.email]);
    for (const { email, password } of [confirmed, unconfirmed]) {
      for (const another of [password, `${password}, but another`]) {
        expect(await statementsOf({ email, password: another })).toHaveLength(length);
      }
    }
  });
});

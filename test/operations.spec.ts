import { readFile } from 'node:fs/promises';
import { serveMetrics } from '../src/platform/instruments/metrics-server.js';
import { read, type Scrape } from './platform/instruments/support/scrape.js';
import { Client } from './support/http/client.js';
import { signedIn } from './support/people/people.js';
import { startService, type TestService } from './support/service/service.js';
import { refresh } from './support/sessions/refreshes.js';

const file = (name: string): Promise<string> =>
  readFile(new URL(`../docs/operations/${name}`, import.meta.url), 'utf8');
const METRIC = /\b(?:auth|process|nodejs)_[a-z0-9_]+/g;
/** Their values come as they happen; all other labels have their series from the start. */
const AS_THEY_COME = /^auth_(events|http_refusals|http_request_duration)/;

interface Dashboard {
  panels: { title: string; targets?: { expr: string }[] }[];
}

describe('docs/operations', () => {
  let service: TestService;
  let scrape: Scrape;

  beforeAll(async () => {
    service = await startService();
    const server = await serveMetrics(service.instruments.metrics, { port: 0, host: '127.0.0.1' });
    scrape = read(await (await fetch(server.url)).text());
    server.close();
  });
  afterAll(() => service.stop());

  const metricOf = (name: string): string | undefined =>
    [name, name.replace(/_(bucket|sum|count)$/, '')].find((known) => scrape.kinds.has(known));

  const expressions = {
    dashboard: async (): Promise<string[]> => {
      const { panels } = JSON.parse(await file('grafana-dashboard.json')) as Dashboard;
      return panels.flatMap(({ targets = [] }) => targets.map(({ expr }) => expr));
    },
    alerts: async (): Promise<string[]> =>
      [...(await file('alerts.yml')).matchAll(/^ {8}expr: (?:\|\n((?: {10}.*\n)+)|(.+))/gm)].map(
        ([, block, line]) => block ?? line!,
      ),
  };

  it.each(['dashboard', 'alerts'] as const)(
    'has a file of %s that names nothing but metrics there are',
    async (which) => {
      const all = await expressions[which]();
      expect(all.length).toBeGreaterThan(12);
      const names = all.flatMap((expression) => expression.replaceAll(/"[^"]*"/g, '""').match(METRIC) ?? []);
      expect(names.length).toBeGreaterThanOrEqual(all.length);
      expect(names.filter((name) => metricOf(name) === undefined)).toEqual([]);
    },
  );

  it.each(['dashboard', 'alerts'] as const)(
    'has a file of %s that names nothing but labels there are',
    async (which) => {
      const selectors = (await expressions[which]()).flatMap((expression) => [
        ...expression.matchAll(/([a-z0-9_]+)\{([^}]*)\}/g),
      ]);
      for (const [selector, name = '', labels = ''] of selectors) {
        const exact = [...labels.matchAll(/(\w+)="([^"]*)"/g)].filter(([, label]) => label !== 'job');
        if (AS_THEY_COME.test(name) || exact.length === 0) continue;
        const series = [...scrape.series.keys()].filter((key) => key.startsWith(name));
        expect([selector, series.some((key) => exact.every(([pair]) => key.includes(pair)))]).toEqual([selector, true]);
      }
    },
  );

  it('has a table of every metric there is, and of no other', async () => {
    const rows = (await file('README.md')).split('\n').filter((line) => /^\| `(auth|process|nodejs)_/.test(line));
    const named = rows.flatMap((row) => row.split('|')[1]!.match(METRIC) ?? []);
    expect(named.toSorted()).toEqual([...scrape.kinds.keys()].toSorted());
  });

  it('has names and a word of help for each that Prometheus likes', () => {
    for (const [name, kind] of scrape.kinds) {
      expect(scrape.text).toMatch(new RegExp(`^# HELP ${name} [A-Z].*\\.$`, 'm'));
      expect([name, name.endsWith('_total')]).toEqual([name, kind === 'counter']);
    }
  });

  it('closes every session of a restored backup by the statements that it gives', async () => {
    const client = new Client(service.url);
    const { refreshToken } = await signedIn(client);
    const [, sql = ''] = /```sql\n([^`]*)```/.exec(await file('README.md')) ?? [];
    expect(sql).toContain('session_epoch');
    await service.database.query(sql);
    expect((await refresh(client, refreshToken)).status).toBe(401);
    await signedIn(client);
  });
});

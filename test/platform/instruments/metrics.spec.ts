import { describe, expect, it } from '@jest/globals';
import { Metrics } from '../../../src/platform/instruments/metrics.js';
import { serveMetrics } from '../../../src/platform/instruments/metrics-server.js';

describe('metrics', () => {
  it('begin at 0 where the values of their labels are known, so that the first increase is seen', async () => {
    const metrics = new Metrics();
    const counter = metrics.counter('toys_total', 'Toys.', { colour: ['red', 'blue'], size: ['s', 'l'] });
    counter.add({ colour: 'red', size: 'l' }, 2);
    expect(await metrics.text()).toBe(
      [
        '# HELP toys_total Toys.',
        '# TYPE toys_total counter',
        'toys_total{colour="red",size="s"} 0',
        'toys_total{colour="red",size="l"} 2',
        'toys_total{colour="blue",size="s"} 0',
        'toys_total{colour="blue",size="l"} 0',
        '',
      ].join('\n'),
    );
  });

  it('spread what they observe over buckets, each holding those below it', async () => {
    const metrics = new Metrics();
    const histogram = metrics.histogram('toy_seconds', 'Toys.', { of: [] });
    for (const seconds of [0.005, 0.004, 0.3, 99]) histogram.observe({ of: 'play' }, seconds);
    const lines = (await metrics.text()).split('\n');
    expect(lines).toEqual(
      expect.arrayContaining([
        'toy_seconds_bucket{of="play",le="0.005"} 2',
        'toy_seconds_bucket{of="play",le="0.25"} 2',
        'toy_seconds_bucket{of="play",le="0.5"} 3',
        'toy_seconds_bucket{of="play",le="10"} 3',
        'toy_seconds_bucket{of="play",le="+Inf"} 4',
        'toy_seconds_count{of="play"} 4',
      ]),
    );
    expect(lines.find((line) => line.startsWith('toy_seconds_sum'))).toMatch(/ 99\.309$/);
  });

  it('leave out what cannot be read now', async () => {
    const metrics = new Metrics();
    metrics.gauge('away', 'Away.', () => Promise.reject(new Error('the database is away')));
    metrics.gauge('broken', 'Broken.', () => {
      throw new Error('not yet');
    });
    metrics.gauge('here', 'Here.', () => ({ one: 1, two: 2 }), 'which');
    const text = await metrics.text();
    expect(text).toContain('here{which="one"} 1\nhere{which="two"} 2\n');
    expect(text).not.toMatch(/^(away|broken)/m);
  });

  it('cannot be given lines of their own by the value of a label', async () => {
    const metrics = new Metrics();
    metrics.counter('toys_total', 'Toys.', { name: [] }).add({ name: 'a"b\\c\nd_total 1' });
    expect((await metrics.text()).split('\n')).toContain('toys_total{name="a\\"b\\\\c\\nd_total 1"} 1');
  });

  it('are refused a second one of the same name', () => {
    const metrics = new Metrics();
    metrics.gauge('toy', 'Toy.', () => 1);
    expect(() => metrics.gauge('toy', 'Toy.', () => 1)).toThrow('two metrics toy');
  });
});

describe('the port of metrics', () => {
  it('answers GET /metrics and nothing else', async () => {
    const server = await serveMetrics(new Metrics(), { port: 0, host: '127.0.0.1' });
    try {
      const answer = await fetch(server.url);
      expect([answer.status, answer.headers.get('content-type')]).toEqual([
        200,
        'text/plain; version=0.0.4; charset=utf-8',
      ]);
      expect(await answer.text()).toMatch(/^process_resident_memory_bytes \d+$/m);
      const others = [
        fetch(server.url, { method: 'POST', body: 'x' }),
        fetch(server.url.replace('/metrics', '/')),
        fetch(`${server.url}?x=1`),
        fetch(server.url.replace('/metrics', '/health/live')),
      ];
      expect((await Promise.all(others)).map(({ status }) => status)).toEqual([405, 404, 404, 404]);
    } finally {
      server.close();
    }
    await expect(fetch(server.url)).rejects.toThrow();
  });
});

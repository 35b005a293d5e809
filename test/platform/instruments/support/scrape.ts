import type { TestService } from '../../../support/service/service.js';

/** What a service would tell a scraper: the kind of each metric, and each series with its value. */
export interface Scrape {
  kinds: Map<string, string>;
  series: Map<string, number>;
  text: string;
}

export async function scrape({ instruments }: TestService): Promise<Scrape> {
  return read(await instruments.metrics.text());
}

export function read(text: string): Scrape {
  const kinds = new Map<string, string>();
  const series = new Map<string, number>();
  for (const line of text.split('\n').filter(Boolean)) {
    const kind = /^# TYPE (\S+) (counter|gauge|histogram)$/.exec(line);
    if (kind) kinds.set(kind[1]!, kind[2]!);
    if (line.startsWith('#')) continue;
    const sample = /^([a-z0-9_]+(?:\{.*\})?) (\S+)$/.exec(line);
    if (!sample || Number.isNaN(Number(sample[2]))) throw new Error(`not a sample: ${line}`);
    series.set(sample[1]!, Number(sample[2]));
  }
  return { kinds, series, text };
}

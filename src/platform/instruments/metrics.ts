import { Counter, Histogram, type Labels, labelText, type Sample } from './series.js';

type Kind = 'counter' | 'gauge' | 'histogram';

interface Metric {
  name: string;
  kind: Kind;
  help: string;
  samples: () => Sample[] | Promise<Sample[]>;
}

/** One number, or one for each value of a label. */
type Reading = number | Readonly<Record<string, number>>;

/** Seconds that answers take, from the quickest to the longest that is waited for. */
const SECONDS = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];

/**
 * What one service counts and measures of itself, always: it costs next to nothing, and whether anybody reads it is
 * decided elsewhere. A room names its own metrics where its work is done, once, when it is made.
 */
export class Metrics {
  private readonly all = new Map<string, Metric>();

  /** @param name ends in `_total` */
  counter<Name extends string = never>(name: string, help: string, labels: Labels<Name>): Counter<Name> {
    const counter = new Counter(name, labels);
    this.register({ name, kind: 'counter', help, samples: () => counter.samples() });
    return counter;
  }

  /** @param name ends in its unit, `_seconds` */
  histogram<Name extends string = never>(name: string, help: string, labels: Labels<Name>): Histogram<Name> {
    const histogram = new Histogram(name, labels, SECONDS);
    this.register({ name, kind: 'histogram', help, samples: () => histogram.samples() });
    return histogram;
  }

  /**
   * What is asked for when somebody looks.
   * @param read what it cannot find out, this time, it throws
   * @param label names the keys of what `read` gives, if it gives several numbers
   */
  gauge(name: string, help: string, read: () => Reading | Promise<Reading>, label = 'of'): void {
    this.reading(name, 'gauge', help, read, label);
  }

  /** As a gauge, of what never falls. @param name ends in `_total` */
  reading(
    name: string,
    kind: 'counter' | 'gauge',
    help: string,
    read: () => Reading | Promise<Reading>,
    label = 'of',
  ): void {
    this.register({ name, kind, help, samples: async () => samplesOf(name, await read(), label) });
  }

  /** Everything in the text format of Prometheus, version 0.0.4. What cannot be read now is left out. */
  async text(): Promise<string> {
    const parts = await Promise.all([...this.all.values()].map(describe));
    return parts.join('');
  }

  private register(metric: Metric): void {
    if (this.all.has(metric.name)) throw new Error(`there are two metrics ${metric.name}`);
    this.all.set(metric.name, metric);
  }
}

async function describe({ name, kind, help, samples }: Metric): Promise<string> {
  const read = async (): Promise<Sample[]> => samples();
  const lines = (await read().catch(() => [])).map(([sample, value]) => `${sample} ${value}\n`);
  return `# HELP ${name} ${help}\n# TYPE ${name} ${kind}\n${lines.join('')}`;
}

function samplesOf(name: string, reading: Reading, label: string): Sample[] {
  if (typeof reading === 'number') return [[name, reading]];
  return Object.entries(reading).map(([value, number]) => [`${name}${labelText({ [label]: value })}`, number]);
}

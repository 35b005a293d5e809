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

/** Bucket bounds for durations, in seconds. */
const SECONDS = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];

/**
 * A registry of metrics. It always counts, because that costs next to nothing; serving them is a separate decision. Each service
 * registers its own metrics in its constructor.
 */
export class Metrics {
  private readonly all = new Map<string, Metric>();

  /** @param name ends in `_total` */
  counter<Name extends string = never>(name: string, help: string, labels: Labels<Name>): Counter<Name> {
    const counter = new Counter(name, labels);
    this.register({ name, kind: 'counter', help, samples: () => counter.samples() });
    return counter;
  }

  /** @param name ends in the unit, `_seconds` */
  histogram<Name extends string = never>(name: string, help: string, labels: Labels<Name>): Histogram<Name> {
    const histogram = new Histogram(name, labels, SECONDS);
    this.register({ name, kind: 'histogram', help, samples: () => histogram.samples() });
    return histogram;
  }

  /**
   * A value that is read at each scrape.
   * @param read may throw if the value is not available; this scrape then leaves it out
   * @param label the name of the label whose values are the keys of the result, if it is an object
   */
  gauge(name: string, help: string, read: () => Reading | Promise<Reading>, label = 'of'): void {
    this.reading(name, 'gauge', help, read, label);
  }

  /** Like a gauge; a counter is a value that never decreases. @param name of a counter ends in `_total` */
  reading(
    name: string,
    kind: 'counter' | 'gauge',
    help: string,
    read: () => Reading | Promise<Reading>,
    label = 'of',
  ): void {
    this.register({ name, kind, help, samples: async () => samplesOf(name, await read(), label) });
  }

  /** All metrics in the Prometheus text format, version 0.0.4. Values that cannot be read are left out. */
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

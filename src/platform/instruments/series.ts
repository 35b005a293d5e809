/**
 * The possible values of each label, where known. Their series start at 0, so that the first increase is visible. An empty list:
 * any value.
 */
export type Labels<Name extends string> = Readonly<Record<Name, readonly string[]>>;
export type LabelValues<Name extends string> = Readonly<Record<Name, string>>;

/** One line of a scrape: the name with suffix and labels, and the value. */
export type Sample = readonly [name: string, value: number];

/** `{a="1",b="2"}`, or nothing without labels. */
export function labelText(labels: Readonly<Record<string, string>>): string {
  let text = '';
  for (const name in labels) text += `${text === '' ? '{' : ','}${name}="${escaped(labels[name] ?? '')}"`;
  return text === '' ? '' : `${text}}`;
}

/** A counter. Labels must have few values: never an id, an address or a raw path. */
export class Counter<Name extends string> {
  private readonly values = new Map<string, number>();

  constructor(
    private readonly name: string,
    known: Labels<Name>,
  ) {
    for (const labels of combinations(known)) this.values.set(labelText(labels), 0);
  }

  add(labels: LabelValues<Name>, by = 1): void {
    const key = labelText(labels);
    this.values.set(key, (this.values.get(key) ?? 0) + by);
  }

  samples(): Sample[] {
    return [...this.values].map(([labels, value]) => [`${this.name}${labels}`, value]);
  }
}

interface Distribution {
  labels: Readonly<Record<string, string>>;
  /** The count of each bucket, not cumulative. The last one is for values above the last bound. */
  counts: number[];
  sum: number;
}

/** A histogram. */
export class Histogram<Name extends string> {
  private readonly distributions = new Map<string, Distribution>();

  /** @param bounds the upper bounds of all buckets but the last (`+Inf`), ascending */
  constructor(
    private readonly name: string,
    known: Labels<Name>,
    private readonly bounds: readonly number[],
  ) {
    for (const labels of combinations(known)) this.of(labels);
  }

  observe(labels: LabelValues<Name>, value: number): void {
    const distribution = this.of(labels);
    const bucket = this.bounds.findIndex((bound) => value <= bound);
    const at = bucket === -1 ? this.bounds.length : bucket;
    distribution.counts[at] = (distribution.counts[at] ?? 0) + 1;
    distribution.sum += value;
  }

  samples(): Sample[] {
    return [...this.distributions.values()].flatMap((distribution) => this.samplesOf(distribution));
  }

  private samplesOf({ labels, counts, sum }: Distribution): Sample[] {
    let count = 0;
    const buckets = counts.map((more, i): Sample => {
      count += more;
      return [`${this.name}_bucket${labelText({ ...labels, le: String(this.bounds[i] ?? '+Inf') })}`, count];
    });
    const text = labelText(labels);
    return [...buckets, [`${this.name}_sum${text}`, sum], [`${this.name}_count${text}`, count]];
  }

  private of(labels: LabelValues<Name>): Distribution {
    const key = labelText(labels);
    const known = this.distributions.get(key);
    if (known) return known;
    const begun = { labels, counts: Array<number>(this.bounds.length + 1).fill(0), sum: 0 };
    this.distributions.set(key, begun);
    return begun;
  }
}

/** All combinations of known values; none if any label has unknown values. */
function combinations<Name extends string>(known: Labels<Name>): LabelValues<Name>[] {
  let sets: Record<string, string>[] = [{}];
  for (const [name, values] of Object.entries<readonly string[]>(known)) {
    sets = sets.flatMap((labels) => values.map((value) => ({ ...labels, [name]: value })));
  }
  return sets as LabelValues<Name>[];
}

const TO_ESCAPE = /[\\"\n]/;

function escaped(value: string): string {
  if (!TO_ESCAPE.test(value)) return value;
  return value.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('\n', '\\n');
}

/** One documented setting: how its text is read, and the line that explains it. */
export interface Setting<T> {
  /** What a right value looks like, in words: printed when a value is refused, so it must stand alone. */
  readonly expects: string;
  /** The text that stands in for a missing value; none if the setting may stay away. */
  readonly default?: string;
  /** Says in words what happens without a value where `default` alone does not tell. */
  readonly defaultNote?: string;
  readonly about: string;
  /** @returns the value, or null where the text is not what the setting expects */
  readonly parse: (text: string) => T | null;
}

type Described = Pick<Setting<unknown>, 'about' | 'default' | 'defaultNote'>;

/** The value of a setting once read: one with a default is never missing. */
export type ValueOf<S extends Setting<unknown>> =
  Exclude<ReturnType<S['parse']>, null> | (S extends { default: string } ? never : undefined);

export function wholeNumber<const D extends Described>(min: number, max: number, described: D): Setting<number> & D {
  return {
    ...described,
    expects: `a whole number from ${min} to ${max}`,
    parse: (text) => (/^\d{1,10}$/.test(text) && Number(text) >= min && Number(text) <= max ? Number(text) : null),
  };
}

export function oneOf<const T extends string, const D extends Described>(
  words: readonly T[],
  described: D,
): Setting<T> & D {
  return {
    ...described,
    expects: `one of ${words.join(', ')}`,
    parse: (text) => words.find((word) => word === text) ?? null,
  };
}

export function text<T, const D extends Described>(
  expects: string,
  parse: (text: string) => T | null,
  described: D,
): Setting<T> & D {
  return { ...described, expects, parse };
}

/** A comma-separated list; blanks around its items do not count. `fit` says whether they may stand together. */
export function list<T, const D extends Described>(
  expects: string,
  item: (text: string) => T | null,
  described: D,
  fit: (items: readonly T[]) => boolean = () => true,
): Setting<readonly T[]> & D {
  return {
    ...described,
    expects: `a comma-separated list of ${expects}`,
    parse: (text) => {
      const items: T[] = [];
      for (const part of text.split(',')) {
        const value = item(part.trim());
        if (value === null) return null;
        items.push(value);
      }
      return fit(items) ? items : null;
    },
  };
}

export const anyText = (value: string): string => value;

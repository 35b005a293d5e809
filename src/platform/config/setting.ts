/** A setting: how its text is parsed, and its documentation. */
export interface Setting<T> {
  /** What a valid value looks like. Printed when a value is refused, so it must be understandable on its own. */
  readonly expects: string;
  /** The text used if there is no value. Undefined for an optional setting. */
  readonly default?: string;
  /** Describes what happens without a value, where `default` alone does not. */
  readonly defaultNote?: string;
  readonly about: string;
  /** @returns the value, or null if the text is not valid */
  readonly parse: (text: string) => T | null;
}

type Described = Pick<Setting<unknown>, 'about' | 'default' | 'defaultNote'>;

/** The type of a parsed setting. A setting with a default is never undefined. */
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

/** A comma-separated list; spaces around items are ignored. @param fit checks the items together */
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

import { TIMEFRAMES } from '@wagehood/market';

/** How a text of the environment or of a flag is read. `parse` returns undefined for what it cannot accept. */
export interface Kind<T> {
  /** What is accepted, in words. */
  readonly expected: string;
  parse(text: string): T | undefined;
}

const NUMBER = /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i;

export function number(min: number, max: number): Kind<number> {
  return {
    expected: `a number from ${min} to ${max}`,
    parse: (text) => {
      const value = NUMBER.test(text) ? Number(text) : NaN;
      return value >= min && value <= max ? value : undefined;
    },
  };
}

export function integer(min: number, max: number): Kind<number> {
  return {
    expected: `a whole number from ${min} to ${max}`,
    parse: (text) => {
      const value = /^[+-]?\d+$/.test(text) ? Number(text) : NaN;
      return value >= min && value <= max ? value : undefined;
    },
  };
}

/** A TCP port; `anyPort` allows 0 = any free port. */
export const port = integer(1, 65_535);
export const anyPort = integer(0, 65_535);

const words: Readonly<Record<string, boolean>> = {
  true: true,
  yes: true,
  on: true,
  1: true,
  false: false,
  no: false,
  off: false,
  0: false,
};

export const boolean: Kind<boolean> = { expected: 'true or false', parse: (text) => words[text.toLowerCase()] };

export const text = (expected = 'a text'): Kind<string> => ({ expected, parse: (value) => value });

export function oneOf<const T extends string>(...values: readonly T[]): Kind<T> {
  return { expected: `one of ${values.join(', ')}`, parse: (value) => values.find((known) => known === value) };
}

export const logLevel: Kind<'error' | 'warn' | 'info' | 'debug'> = {
  expected: 'one of error, warn, info, debug',
  parse: (value) => {
    const level = value.toLowerCase();
    if (level === 'warning') return 'warn'; // the original's Python spelling
    return (['error', 'warn', 'info', 'debug'] as const).find((known) => known === level);
  },
};

/** Comma-separated; blanks around and empty items are dropped; an empty list is refused. */
export function list<T>(kind: Kind<T>, expected: string): Kind<readonly T[]> {
  return {
    expected,
    parse: (value) => {
      const items = value
        .split(',')
        .map((item) => item.trim())
        .filter((item) => item !== '');
      const parsed = items.map((item) => kind.parse(item));
      return items.length > 0 && parsed.every((item) => item !== undefined) ? (parsed as T[]) : undefined;
    },
  };
}

/** Bytes as Redis writes them: `2gb`, `512mb`, `100k`, `1048576`. */
export const bytes: Kind<number> = {
  expected: 'an amount of memory such as 512mb or 2gb',
  parse: (value) => {
    const match = /^(\d{1,15})(b|k|kb|m|mb|g|gb)?$/i.exec(value);
    if (!match) return undefined;
    const unit = (match[2] ?? 'b').toLowerCase();
    const decimal = { b: 1, k: 1e3, m: 1e6, g: 1e9 } as const;
    const binary = { kb: 1024, mb: 1024 ** 2, gb: 1024 ** 3 } as const;
    const factor = { ...decimal, ...binary }[unit as keyof typeof decimal | keyof typeof binary];
    const amount = Number(match[1]) * factor;
    return Number.isSafeInteger(amount) && amount > 0 ? amount : undefined;
  },
};

export const timeframeList = list(
  { expected: '', parse: (value: string) => TIMEFRAMES.find((known) => known === value) },
  `a list of ${TIMEFRAMES.join(' ')}`,
);

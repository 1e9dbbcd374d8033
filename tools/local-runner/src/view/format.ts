import type { HttpSignal } from '@wagehood/contracts';

/** `1 234 567`: thin groups read better than a wall of digits. */
export const grouped = (n: number): string =>
  Math.round(n)
    .toString()
    .replace(/\B(?=(\d{3})+$)/g, ' ');

/** Seconds as `01:23:45`. */
export function duration(seconds: number): string {
  const whole = Math.floor(seconds);
  return [Math.floor(whole / 3600), Math.floor(whole / 60) % 60, whole % 60]
    .map((part) => String(part).padStart(2, '0'))
    .join(':');
}

/** A price in the decimals that its size deserves, without trailing zeros (recorded prices carry float32 noise). */
export function price(value: number): string {
  if (value < 1) return String(Number(value.toPrecision(6)));
  return String(Number(value.toFixed(value < 1000 ? 4 : 2)));
}

/** The time of a bar as far as its timeframe needs it: days for daily bars, seconds below. */
export function barTime(iso: string, timeframe: string): string {
  if (timeframe === '1d' || timeframe === '1w') return iso.slice(0, 10);
  return timeframe.endsWith('s') ? iso.slice(11, 19) : iso.slice(0, 16).replace('T', ' ');
}

/** One signal as a row of columns. */
export function signalColumns(signal: HttpSignal): readonly string[] {
  const { barOpenTime, timeframe, symbol, side, strategy, confidence } = signal;
  return [
    barTime(barOpenTime, timeframe),
    symbol,
    timeframe,
    side,
    price(signal.price),
    confidence.toFixed(2),
    strategy,
  ];
}

/** Rows of equal width, columns separated by two blanks. Columns that hold numbers alone are set right. */
export function table(rows: readonly (readonly string[])[]): string[] {
  const widths: number[] = [];
  const numeric: boolean[] = [];
  rows.forEach((row, index) =>
    row.forEach((cell, column) => {
      widths[column] = Math.max(widths[column] ?? 0, cell.length);
      if (index > 0) numeric[column] = (numeric[column] ?? true) && /^[\d .,/]*$/.test(cell);
    }),
  );
  return rows.map((row) =>
    row
      .map((cell, column) => (numeric[column] ? cell.padStart(widths[column] ?? 0) : cell.padEnd(widths[column] ?? 0)))
      .join('  ')
      .trimEnd(),
  );
}

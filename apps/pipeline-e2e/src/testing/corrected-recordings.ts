import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';

/** A row of a recording. */
export interface Row {
  readonly symbol: string;
  readonly timestamp: number;
  readonly open: number;
  readonly high: number;
  readonly low: number;
  readonly close: number;
  readonly volume: number;
  readonly revision?: number;
}

export interface Recordings {
  readonly files: string;
  /** Bars of each symbol as they are in the end. */
  readonly market: ReadonlyMap<string, readonly Row[]>;
  /** Rows that correct another. */
  readonly corrections: number;
}

const START = Date.UTC(2026, 0, 5);
const CORRECTED_SHARE = 1 / 40;
const TWICE_SHARE = 1 / 3;

/** Numbers from 0 to 1, the same for the same seed (mulberry32). */
function dice(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

const cents = (price: number): number => Math.round(price * 100) / 100;

/** Writes a recording of each symbol, bars of a second, some of which are corrected a few rows later, a few of them twice. */
export async function writeRecordings(folder: string, symbols: readonly string[], bars: number): Promise<Recordings> {
  const market = new Map<string, readonly Row[]>();
  let corrections = 0;
  for (const [i, symbol] of symbols.entries()) {
    const { rows, final } = record(symbol, bars, dice(i + 1));
    market.set(symbol, final);
    corrections += rows.length - final.length;
    await writeFile(join(folder, `${symbol}.ndjson`), rows.map((row) => `${JSON.stringify(row)}\n`).join(''));
  }
  return { files: folder, market, corrections };
}

function record(symbol: string, bars: number, roll: () => number): { readonly rows: Row[]; readonly final: Row[] } {
  const final: Row[] = [];
  const rows: Row[] = [];
  const due = new Map<number, Row[]>();
  let price = 100;
  for (let n = 0; n < bars; n++) {
    const open = price;
    price = cents(Math.max(1, price * (1 + (roll() - 0.5) * 0.01)));
    const bar = rowOf(symbol, n, open, price, roll);
    final.push(bar);
    rows.push(bar);
    const times = roll() < CORRECTED_SHARE ? (roll() < TWICE_SHARE ? 2 : 1) : 0;
    for (let revision = 1, at = n; revision <= times; revision++) {
      at += 1 + Math.floor(roll() * 4);
      const revised = rowOf(symbol, n, open, cents(bar.close * (1 + (roll() - 0.5) * 0.02)), roll);
      due.set(at, [...(due.get(at) ?? []), { ...revised, revision }]);
    }
    for (const revised of due.get(n) ?? []) {
      rows.push(revised);
      final[(revised.timestamp - START) / 1_000] = revised;
    }
  }
  return { rows, final };
}

function rowOf(symbol: string, n: number, open: number, close: number, roll: () => number): Row {
  const [high, low] = [cents(Math.max(open, close) + roll()), cents(Math.max(0.5, Math.min(open, close) - roll()))];
  return { symbol, timestamp: START + n * 1_000, open, high, low, close, volume: 100 + Math.floor(roll() * 1_000) };
}

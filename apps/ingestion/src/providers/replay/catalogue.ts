import type { Timeframe } from '@wagehood/market';
import { guessTimeframe, type TimeframeGuess } from './infer-timeframe';
import { rowSymbol, rowTime } from './parse-row';
import { readRows } from './read-rows';
import { symbolOfFile, type Recording } from './recordings';

/** What the recordings contain: which files to read for a symbol, and in which timeframe. */
export interface Catalogue {
  readonly symbols: ReadonlyMap<string, { readonly timeframe: Timeframe; readonly files: readonly Recording[] }>;
}

/** Rows that tell the timeframe of a file that holds one symbol. */
const PEEK_ROWS = 2_000;

/** Looks through the files once. A file of one known symbol is only begun; one with a column `symbol` is read whole. */
export async function readCatalogue(recordings: readonly Recording[], fixed: Timeframe | null): Promise<Catalogue> {
  const guesses = new Map<string, { guess: TimeframeGuess; files: Recording[] }>();
  for (const recording of recordings) await lookInto(recording, guesses);
  const symbols = new Map<string, { timeframe: Timeframe; files: readonly Recording[] }>();
  for (const [symbol, { guess, files }] of guesses)
    symbols.set(symbol, { timeframe: fixed ?? guess.result() ?? '1d', files });
  return { symbols };
}

async function lookInto(
  recording: Recording,
  guesses: Map<string, { guess: TimeframeGuess; files: Recording[] }>,
): Promise<void> {
  let rows = 0;
  let whole: string | null = recording.symbol;
  for await (const chunk of readRows(recording.path)) {
    for (const { row } of chunk) {
      if (row === null) continue;
      if (rows++ === 0 && whole === null && !('symbol' in row)) whole = symbolOfFile(recording.path);
      const symbol = rowSymbol(row, whole);
      if (symbol === null) continue;
      const entry = guesses.get(symbol) ?? { guess: guessTimeframe(), files: [] };
      guesses.set(symbol, entry);
      if (entry.files.at(-1)?.path !== recording.path) entry.files.push({ path: recording.path, symbol: whole });
      const time = rowTime(row);
      if (!Number.isNaN(time)) entry.guess.add(time);
    }
    if (whole !== null && rows >= PEEK_ROWS) return;
  }
}

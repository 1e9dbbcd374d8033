import type { Fault, Settings } from '@wagehood/config';
import { join } from 'node:path';

/** Recordings that come with the dependencies, by symbol: path below the repository. */
const SHIPPED: Readonly<Record<string, string>> = {
  SPX: 'node_modules/vega-datasets/data/sp500-2000.csv',
};

const replayed = ({ system, watchlist }: Settings): string[] =>
  watchlist
    .filter(({ enabled, data_provider: own }) => enabled && (own ?? system.data_provider) === 'replay')
    .map(({ symbol }) => symbol);

/** REPLAY_FILES for the ingestion service: shipped recordings of the replayed symbols, unless the user names files. Null: no change. */
export function replayFilesFor(
  settings: Settings,
  environment: Readonly<Record<string, string | undefined>>,
  root: string,
): string | null {
  if (environment['REPLAY_FILES']?.trim() || environment['REPLAY_FILE']?.trim()) return null;
  return replayed(settings)
    .flatMap((symbol) => {
      const path = SHIPPED[symbol];
      return path === undefined ? [] : [`${symbol}=${join(root, path)}`];
    })
    .join(',');
}

/** A replay of symbols for which there is no recording ends before it starts. */
export function recordingFaults(settings: Settings, shippedFiles: string | null): Fault[] {
  if (shippedFiles === null) return [];
  return replayed(settings)
    .filter((symbol) => SHIPPED[symbol] === undefined)
    .map((symbol) => ({
      path: symbol,
      message: 'has no recording',
      expected: `REPLAY_FILES=${symbol}=PATH, or one of the shipped recordings: ${Object.keys(SHIPPED).join(', ')}`,
    }));
}

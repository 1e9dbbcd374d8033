import { fragment, oneOf, text, variable, type Kind } from '@wagehood/config';
import { parseSymbol, TIMEFRAMES, timeframeMs, type Timeframe } from '@wagehood/market';
import { yieldTurn } from '../pause';
import {
  defineProvider,
  type FeedBar,
  type FeedRequest,
  type HistoryRange,
  type OnBars,
  type ProviderContext,
} from '../provider';
import { speed, type Speed } from '../speed';
import { createBadRowReport } from './bad-row-report';
import { readCatalogue, type Catalogue } from './catalogue';
import { mergeByTime } from './merge-by-time';
import { createPacer } from './pacer';
import { recordedBars } from './recorded-bars';
import { findRecordings, type Recording } from './recordings';

const path = text('files or folders, comma-separated, each PATH or SYMBOL=PATH');
const symbol: Kind<string> = {
  expected: 'a symbol such as SPY or BTC-USD',
  parse: (value) => parseSymbol(value) ?? undefined,
};

const env = fragment({
  files: variable('REPLAY_FILES', path, 'recordings to play: PATH or SYMBOL=PATH, comma-separated', ''),
  file: variable('REPLAY_FILE', path, 'one more recording, for those who have just one', ''),
  symbol: variable(
    'REPLAY_SYMBOL',
    symbol,
    'symbol of files without a column symbol; else the file name is the symbol',
  ),
  speed: variable('REPLAY_SPEED', speed, 'how fast recorded time runs', { kind: 'max' } as Speed),
  timeframe: variable('REPLAY_TIMEFRAME', oneOf(...TIMEFRAMES), 'timeframe of the rows; else it is inferred'),
});

/** Recorded bars from CSV and NDJSON files, at any speed. Rows that are no bars are reported with file and line, and skipped. */
export const replay = defineProvider({
  name: 'replay',
  title: 'Recorded bars from CSV and NDJSON files',
  env,
  create(settings, context) {
    const files = [settings.files, settings.file].filter(Boolean).join(',');
    let opening: Promise<Catalogue> | null = null;
    const catalogue = () =>
      (opening ??= openCatalogue(files, settings.symbol ?? null, settings.timeframe ?? null, context).catch(
        (error: unknown) => {
          opening = null;
          throw error;
        },
      ));
    const badRows = createBadRowReport(context);
    return {
      name: 'replay',
      resumes: true,
      feedTimeframe: async (symbol) => (await catalogue()).symbols.get(symbol)?.timeframe ?? null,
      history: (symbol, timeframe, range) => recordedPast(catalogue, symbol, timeframe, range),
      async subscribe(feeds, onBars, signal) {
        const source = barsOf(await catalogue(), feeds, badRows.report);
        await play(source, feeds, settings.speed, context.now, onBars, signal);
        badRows.summarise();
      },
    };
  },
});

async function openCatalogue(
  files: string,
  fileSymbol: string | null,
  timeframe: Timeframe | null,
  { log }: ProviderContext,
): Promise<Catalogue> {
  const recordings = await findRecordings(files, fileSymbol);
  const catalogue = await readCatalogue(recordings, timeframe);
  const symbols = [...catalogue.symbols].map(([symbol, { timeframe: found }]) => `${symbol} ${found}`);
  log.info('recordings opened', {
    files: recordings.length,
    symbols: symbols.slice(0, 20),
    symbolCount: symbols.length,
  });
  return catalogue;
}

function barsOf(
  { symbols }: Catalogue,
  feeds: readonly FeedRequest[],
  onBadRow: (place: string, reason: string, message: string) => void,
): AsyncGenerator<FeedBar[]> {
  const files = new Map<string, Recording>();
  for (const { symbol } of feeds)
    for (const recording of symbols.get(symbol)?.files ?? [])
      files.set(`${recording.symbol}=${recording.path}`, recording);
  const wanted = new Map(feeds.map(({ symbol, timeframe }) => [symbol, timeframe]));
  return mergeByTime([...files.values()].map((recording) => recordedBars(recording, wanted, onBadRow)));
}

async function play(
  source: AsyncGenerator<FeedBar[]>,
  feeds: readonly FeedRequest[],
  speed: Speed,
  now: () => number,
  onBars: OnBars,
  signal: AbortSignal,
): Promise<void> {
  const pacer = createPacer(speed, now);
  const isDue = duePart(feeds);
  for await (const chunk of source) {
    let due: FeedBar[] = [];
    for (const bar of chunk) {
      if (!isDue(bar)) continue;
      const wait = bar.revision === undefined ? pacer.until(bar.openTime, signal) : null; // corrections come with what is before them
      if (wait !== null && due.length > 0) {
        await onBars(due);
        due = [];
      }
      if (wait !== null) await wait;
      if (signal.aborted) return;
      due.push(bar);
    }
    if (due.length > 0) await onBars(due);
    await yieldTurn();
    if (signal.aborted) return;
  }
}

/** Bars before which corrections are played again when a recording goes on: they may not have come through. */
const PLAYED_AGAIN = 8;

/** What of a recording is still to be played, row by row: bars behind `after`, and corrections that stand behind its last few. */
function duePart(feeds: readonly FeedRequest[]): (bar: FeedBar) => boolean {
  const after = new Map(feeds.map((feed) => [feed.symbol, feed.after ?? -Infinity]));
  const newest = new Map<string, number>();
  return ({ symbol, timeframe, openTime, revision }) => {
    const [last, reached] = [after.get(symbol) ?? -Infinity, newest.get(symbol) ?? -Infinity];
    if (openTime > reached) newest.set(symbol, openTime);
    if (revision === undefined || openTime > reached) return openTime > last;
    return reached > last - PLAYED_AGAIN * timeframeMs(timeframe);
  };
}

/** A recording has no bars before its first; a range of it is read again when a gap has to be filled. */
async function* recordedPast(
  catalogue: () => Promise<Catalogue>,
  symbol: string,
  timeframe: Timeframe,
  range: HistoryRange,
): AsyncGenerator<readonly FeedBar[]> {
  if ('bars' in range) return;
  const ignore = () => undefined;
  const found = new Map<number, FeedBar>();
  // Recordings are in order of time (bars that are not are refused anyway, or correct others), so there is no need to read on.
  for await (const chunk of barsOf(await catalogue(), [{ symbol, timeframe, after: null }], ignore)) {
    for (const bar of chunk) {
      const { openTime, revision = 0 } = bar;
      const known = found.get(openTime);
      const isNews = known === undefined || revision > (known.revision ?? 0);
      if (openTime >= range.from && openTime < range.to && isNews) found.set(openTime, bar);
    }
    if (chunk.some(({ openTime }) => openTime >= range.to)) break;
  }
  yield [...found.values()].sort((a, b) => a.openTime - b.openTime);
}

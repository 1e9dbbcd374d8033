import type { BarEvent } from '@wagehood/contracts';
import { isTimeframe, seriesKey, type SeriesKey, type Timeframe } from '@wagehood/market';
import { Interned } from '../json/interned';
import type { JsonReader } from '../json/json-reader';
import { jsonPiece, JsonWriter, type JsonPiece } from '../json/json-writer';
import type { ItemFormat } from './array-reader';

/**
 * The text of a bar, as every service of ours writes it: the fields in this order, without spaces. By hand in both directions,
 * because this runs for every bar of the whole market. A text of another shape is as good, and `JSON.parse` reads it.
 */

const piecesOf = <Name extends string>(...names: Name[]) =>
  Object.fromEntries(names.map((name) => [name, jsonPiece(`,"${name}":`)])) as Record<Name, JsonPiece>;
const AFTER = piecesOf('timestamp', 'open', 'high', 'low', 'close', 'volume', 'price', 'revision');
const [SYMBOL, TIMEFRAME, SOURCE] = [jsonPiece('{"symbol":"'), jsonPiece('","timeframe":"'), jsonPiece(',"source":"')];
const [QUOTE, FINAL, FORMING] = [jsonPiece('"'), jsonPiece(',"isFinal":true'), jsonPiece(',"isFinal":false')];
const BACKFILLED = jsonPiece(',"backfilled":true');
const [ARRAY, COMMA, END, ARRAY_END] = [jsonPiece('['), jsonPiece(','), jsonPiece('}'), jsonPiece(']')];

/** Texts that are the same for every bar of a series or a source are put into bytes once. */
const openings = new Map<string, Map<string, JsonPiece>>();
const sources = new Map<string, JsonPiece>();

/** Writes a bar's fields, without the closing brace. */
export function writeBar(to: JsonWriter, bar: BarEvent): void {
  to.piece(openings.get(bar.timeframe)?.get(bar.symbol) ?? newOpening(bar));
  to.number(bar.timestamp);
  to.piece(AFTER.open);
  to.number(bar.open);
  to.piece(AFTER.high);
  to.number(bar.high);
  to.piece(AFTER.low);
  to.number(bar.low);
  to.piece(AFTER.close);
  to.number(bar.close);
  to.piece(AFTER.volume);
  to.number(bar.volume);
  to.piece(AFTER.price);
  to.number(bar.price);
  to.piece(sources.get(bar.source) ?? newSource(bar.source));
  to.piece(bar.isFinal ? FINAL : FORMING);
  if (bar.backfilled) to.piece(BACKFILLED);
  if (bar.revision === undefined) return;
  to.piece(AFTER.revision);
  to.number(bar.revision);
}

/** Writes one more bar into an array of bars, which `endBars` ends. */
export function addBar(to: JsonWriter, bar: BarEvent): void {
  to.piece(to.length === 0 ? ARRAY : COMMA);
  writeBar(to, bar);
  to.piece(END);
}

export function endBars(to: JsonWriter): Buffer {
  if (to.length === 0) to.piece(ARRAY);
  to.piece(ARRAY_END);
  return to.take();
}

/** Bars as the data of one entry: a JSON array. */
export function encodeBars(bars: readonly BarEvent[]): Buffer {
  const writer = new JsonWriter();
  for (const bar of bars) addBar(writer, bar);
  return endBars(writer);
}

function newOpening({ symbol, timeframe }: BarEvent): JsonPiece {
  const text = `{"symbol":${JSON.stringify(symbol)},"timeframe":${JSON.stringify(timeframe)},"timestamp":`;
  const piece = jsonPiece(text);
  let ofTimeframe = openings.get(timeframe);
  if (!ofTimeframe) openings.set(timeframe, (ofTimeframe = new Map()));
  ofTimeframe.set(symbol, piece);
  return piece;
}

function newSource(source: string): JsonPiece {
  const piece = jsonPiece(`,"source":${JSON.stringify(source)}`);
  sources.set(source, piece);
  return piece;
}

/** A bar that was read, and where its text stands; `to` 0 when it is not written as we write it. */
export interface BarText {
  readonly cell: SeriesKey;
  readonly bar: BarEvent;
  /** Bytes from…to − 1: the fields, without the closing brace. */
  readonly from: number;
  readonly to: number;
}

/** The same while it is being read. */
export type BarTextSlot = Mutable<Omit<BarText, 'bar'>> & { readonly bar: Mutable<BarEvent> };
type Mutable<T> = { -readonly [K in keyof T]: T[K] };

interface SeriesName {
  readonly symbol: string;
  readonly timeframe: Timeframe;
  readonly cell: SeriesKey;
}

const HASH_SEED = 0x811c9dc5 | 0;
/** A number that was read, on its way into a bar. */
const NUMBER = new Float64Array(1);
/** Null: no such timeframe. */
const seriesNames = new Interned<SeriesName | null>((text) => {
  const [symbol = '', timeframe = ''] = text.split('","timeframe":"');
  return isTimeframe(timeframe) ? { symbol, timeframe, cell: seriesKey(symbol, timeframe) } : null;
});
const NOBODY: SeriesName = { symbol: '', timeframe: '1s', cell: seriesKey('', '1s') };
const sourceNames = new Interned<string>((text) => text);

/** A place for bars to be read into. */
export const barTextSlot = (): BarTextSlot => ({
  cell: NOBODY.cell,
  bar: {
    ...{ symbol: '', timeframe: NOBODY.timeframe, timestamp: 0.5, open: 0.5, high: 0.5, low: 0.5, close: 0.5 },
    ...{ volume: 0.5, price: 0.5, source: '', isFinal: false, backfilled: undefined, revision: undefined },
  },
  from: 0,
  to: 0,
});

/** Reads a bar's fields up to its closing brace, or to the fields that follow; clears `from.ok` when they are not as ours. */
export function readBar(from: JsonReader, into: BarTextSlot): void {
  const { bar } = into;
  into.from = from.at;
  const { symbol, timeframe, cell } = readSeriesName(from);
  into.cell = cell;
  bar.symbol = symbol;
  bar.timeframe = timeframe;
  bar.timestamp = readField(from, AFTER.timestamp);
  bar.open = readField(from, AFTER.open);
  bar.high = readField(from, AFTER.high);
  bar.low = readField(from, AFTER.low);
  bar.close = readField(from, AFTER.close);
  bar.volume = readField(from, AFTER.volume);
  bar.price = readField(from, AFTER.price);
  bar.source = readSource(from);
  bar.isFinal = from.skip(FINAL);
  if (!bar.isFinal) from.expect(FORMING);
  bar.backfilled = from.skip(BACKFILLED) ? true : undefined;
  bar.revision = from.skip(AFTER.revision) ? readNumber(from) : undefined;
  into.to = from.at;
}

function readField(from: JsonReader, name: JsonPiece): number {
  from.expect(name);
  return readNumber(from);
}

/** A number that is wanted as such. */
export function readNumber(from: JsonReader): number {
  from.number(NUMBER, 0);
  return NUMBER[0] as number;
}

/** The bars of an entry. */
export const barFormat = (): ItemFormat<BarText> => {
  const item = barTextSlot();
  return {
    name: 'bars',
    item,
    read: (from) => readBar(from, item),
    make: (parsed) => {
      const bar = parsed as BarEvent;
      return { cell: seriesKey(bar?.symbol, bar?.timeframe), bar, from: 0, to: 0 };
    },
  };
};

function readSeriesName(from: JsonReader): SeriesName {
  from.expect(SYMBOL);
  const start = from.at;
  const again = seriesNames.again(from.bytes, start);
  if (again !== null && from.bytes[start + again.bytes.length] === QUOTE.bytes[0]) {
    from.at = start + again.bytes.length + 1;
    if (again.value === null) from.ok = false;
    return again.value ?? NOBODY;
  }
  const hash = from.hashText(HASH_SEED);
  from.expect(TIMEFRAME);
  const whole = from.hashText(hash);
  if (!from.ok) return NOBODY;
  const name = seriesNames.of(whole, from.bytes, start, from.at);
  from.expect(QUOTE);
  if (!name) from.ok = false;
  return name ?? NOBODY;
}

function readSource(from: JsonReader): string {
  from.expect(SOURCE);
  const start = from.at;
  const hash = from.hashText(HASH_SEED);
  if (!from.ok) return '';
  const source = sourceNames.of(hash, from.bytes, start, from.at);
  from.expect(QUOTE);
  return source;
}

import type { BarEvent } from '@wagehood/contracts';
import { jsonPiece, JsonWriter, type JsonPiece } from '../json/json-writer';

const [OPEN, HIGH, LOW, CLOSE, VOLUME, PRICE] = ['open', 'high', 'low', 'close', 'volume', 'price'].map((name) =>
  jsonPiece(`,"${name}":`),
) as [JsonPiece, JsonPiece, JsonPiece, JsonPiece, JsonPiece, JsonPiece];
const [FINAL, FORMING] = [jsonPiece(',"isFinal":true'), jsonPiece(',"isFinal":false')];
const [BACKFILLED, REVISION] = [jsonPiece(',"backfilled":true'), jsonPiece(',"revision":')];
const [ARRAY, COMMA, END, ARRAY_END] = [jsonPiece('['), jsonPiece(','), jsonPiece('}'), jsonPiece(']')];

/** Texts that are the same for every bar of a series or a source are put into bytes once. */
const openings = new Map<string, Map<string, JsonPiece>>();
const sources = new Map<string, JsonPiece>();
const writer = new JsonWriter();

/** Writes a bar's fields as JSON, without the closing brace: by hand, because this runs for every bar of the whole market. */
export function writeBar(to: JsonWriter, bar: BarEvent): void {
  to.piece(openings.get(bar.timeframe)?.get(bar.symbol) ?? newOpening(bar));
  to.number(bar.timestamp);
  to.piece(OPEN);
  to.number(bar.open);
  to.piece(HIGH);
  to.number(bar.high);
  to.piece(LOW);
  to.number(bar.low);
  to.piece(CLOSE);
  to.number(bar.close);
  to.piece(VOLUME);
  to.number(bar.volume);
  to.piece(PRICE);
  to.number(bar.price);
  to.piece(sources.get(bar.source) ?? newSource(bar.source));
  to.piece(bar.isFinal ? FINAL : FORMING);
  if (bar.backfilled) to.piece(BACKFILLED);
  if (bar.revision === undefined) return;
  to.piece(REVISION);
  to.number(bar.revision);
}

/** Bars as the data of one entry: a JSON array. */
export function encodeBars(bars: readonly BarEvent[]): string {
  for (let i = 0; i < bars.length; i++) {
    writer.piece(i === 0 ? ARRAY : COMMA);
    writeBar(writer, bars[i] as BarEvent);
    writer.piece(END);
  }
  if (bars.length === 0) writer.piece(ARRAY);
  writer.piece(ARRAY_END);
  return writer.take();
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

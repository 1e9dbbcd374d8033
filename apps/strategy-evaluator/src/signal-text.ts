import { seriesText, SignalIds, type Decision, type StrategyInstance } from '@wagehood/strategies';
import {
  jsonPiece,
  recordText,
  valuePath,
  type EventText,
  type JsonPiece,
  type JsonWriter,
  type RecordText,
} from '@wagehood/streams';
import type { PlacedColumn } from './regime';

/** What the signals of a series tell of it, in bytes once. */
interface SeriesPieces {
  /** For their ids. */
  readonly text: Uint8Array;
  /** From behind the id to the timeframe. */
  readonly piece: JsonPiece;
}
const seriesPieces = new Map<string, SeriesPieces>();

const OPENING = jsonPiece('{"id":"');
const SIDES = { buy: jsonPiece('"buy","price":'), sell: jsonPiece('"sell","price":') };
const CONFIDENCE = jsonPiece(',"confidence":');
const FACTORS = jsonPiece(',"factors":{');
const INDICATORS = jsonPiece('},"indicators":');
const BAR_OPEN_TIME = jsonPiece(',"barOpenTime":');
const EMITTED_AT = jsonPiece(',"emittedAt":');
const RECEIVED_AT = jsonPiece(',"receivedAt":');
const [COMMA, END, BACKFILLED_END] = [jsonPiece(','), jsonPiece('}'), jsonPiece(',"backfilled":true}')];

/** The signals of one instance of a strategy as JSON: names are put into bytes once, only numbers are left to write. */
export class SignalText {
  readonly #ids: SignalIds;
  readonly #side: JsonPiece;
  readonly #indicators: RecordText;
  readonly #factors = new Map<string, JsonPiece>();

  /** @param reads all values of the indicators that the strategy reads, for its signals tell of them */
  constructor(
    { name, params }: StrategyInstance,
    readonly reads: readonly PlacedColumn[],
  ) {
    this.#ids = new SignalIds(name, params);
    this.#side = jsonPiece(`"strategy":${JSON.stringify(name)},"side":`);
    const places = reads.map(({ at }) => at);
    this.#indicators = recordText(reads.map(valuePath), places);
  }

  /**
   * Writes the signal that a decision means.
   * @param values of the event, in the order of its columns
   * @param emittedAt epoch ms from the token of the input entry: the same whenever it is computed again
   */
  write(
    to: JsonWriter,
    { cell, bar, receivedAt }: EventText,
    decision: Decision,
    values: Float64Array,
    emittedAt: number,
  ): void {
    const { timestamp, close, backfilled } = bar;
    const { side, confidence, factors } = decision;
    const { text, piece } = seriesPieces.get(cell) ?? newSeriesPieces(cell, bar);
    const id = this.#ids.of(text, timestamp, side);
    to.piece(OPENING);
    to.copy(id, 0, id.length);
    to.piece(piece);
    to.piece(this.#side);
    to.piece(SIDES[side]);
    to.number(close);
    to.piece(CONFIDENCE);
    to.number(confidence);
    to.piece(FACTORS);
    this.#writeFactors(to, factors);
    to.piece(INDICATORS);
    this.#indicators(to, values);
    to.piece(BAR_OPEN_TIME);
    to.number(timestamp);
    to.piece(EMITTED_AT);
    to.number(emittedAt);
    to.piece(RECEIVED_AT);
    to.number(receivedAt);
    to.piece(backfilled ? BACKFILLED_END : END);
  }

  #writeFactors(to: JsonWriter, factors: Decision['factors']): void {
    let isFirst = true;
    for (const name in factors) {
      if (!isFirst) to.piece(COMMA);
      isFirst = false;
      let piece = this.#factors.get(name);
      if (!piece) this.#factors.set(name, (piece = jsonPiece(`${JSON.stringify(name)}:`)));
      to.piece(piece);
      to.number(factors[name] as number);
    }
  }
}

function newSeriesPieces(cell: string, { symbol, timeframe }: EventText['bar']): SeriesPieces {
  const piece = jsonPiece(`","symbol":${JSON.stringify(symbol)},"timeframe":"${timeframe}",`);
  const pieces = { text: seriesText(symbol, timeframe), piece };
  seriesPieces.set(cell, pieces);
  return pieces;
}

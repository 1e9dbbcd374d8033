import { signalId, type Decision, type StrategyInstance } from '@wagehood/strategies';
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
  readonly #side: JsonPiece;
  readonly #indicators: RecordText;
  readonly #factors = new Map<string, JsonPiece>();

  /** @param reads all values of the indicators that the strategy reads, for its signals tell of them */
  constructor(
    private readonly instance: StrategyInstance,
    readonly reads: readonly PlacedColumn[],
  ) {
    this.#side = jsonPiece(`"strategy":${JSON.stringify(instance.name)},"side":`);
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
    { bar, receivedAt }: EventText,
    decision: Decision,
    values: Float64Array,
    emittedAt: number,
  ): void {
    const { symbol, timeframe, timestamp, close, backfilled } = bar;
    const { side, confidence, factors } = decision;
    const id = signalId(this.instance.name, this.instance.params, symbol, timeframe, timestamp, side);
    to.text(`{"id":"${id}","symbol":${JSON.stringify(symbol)},"timeframe":"${timeframe}",`);
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

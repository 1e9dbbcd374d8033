import type { CalculationEvent } from '@wagehood/contracts';
import { isTimeframe, seriesKey } from '@wagehood/market';
import { readArray, type EventText } from '@wagehood/streams';
import { readValues, valuesOf, type Regime } from './regime';

/** An item of an entry that is no event, or comes before there are settings to read it by. */
export interface Refused {
  readonly cell: string;
  readonly refused: unknown;
  readonly reason: string;
}

/** Room for the values of so many events at first; an entry may hold more. */
const FEW_EVENTS = 16;
const PRICES = ['timestamp', 'open', 'high', 'low', 'close', 'volume'] as const;

/**
 * Reads the events of one entry at a time, their values into one array that serves again: `valuesOf` and `whole` speak of the entry
 * that was read last. Events are objects of their own: a pool of them was tried and is slower, for the engine writes faster into
 * young objects than into old ones.
 */
export class EventReader {
  #regime: Regime | null = null;
  #values = new Float64Array(0);
  #row = new Float64Array(0);

  /** The events of an entry: read as our own calculation writes them, or as any JSON that means the same. */
  read(bytes: Buffer, regime: Regime | null): readonly (EventText | Refused)[] {
    this.#regime = regime;
    return (regime && this.#readOurs(bytes, regime)) ?? this.#parse(bytes);
  }

  /** The values of an event in the order of the regime's columns, until the next call. */
  valuesOf({ at }: EventText): Float64Array {
    const { length } = this.#regime?.columns ?? [];
    if (this.#row.length !== length) this.#row = new Float64Array(length);
    for (let i = 0; i < length; i++) this.#row[i] = this.#values[at + i] as number;
    return this.#row;
  }

  /** The event as it came, values by name. */
  whole(event: EventText): CalculationEvent {
    const { bar, receivedAt } = event;
    return { ...bar, receivedAt, values: valuesOf(this.#regime?.columns ?? [], this.valuesOf(event)) };
  }

  /** Null when they are not written as our calculation writes them under this regime's columns. */
  #readOurs(bytes: Buffer, { columns, format }: Regime): readonly EventText[] | null {
    let at = -columns.length;
    return readArray(bytes, (from) => {
      at += columns.length;
      return format.read(from, this.#roomAt(at, columns.length), at);
    });
  }

  #parse(bytes: Buffer): readonly (EventText | Refused)[] {
    const events = JSON.parse(bytes.toString()) as CalculationEvent[];
    if (!Array.isArray(events)) throw new Error('data is no JSON array of events');
    return events.map((event, i) => this.#parsed(event, i));
  }

  #parsed(event: CalculationEvent, i: number): EventText | Refused {
    const cell = seriesKey(event?.symbol, event?.timeframe);
    if (!isEvent(event)) {
      const reason = 'not a calculation event: symbol, timeframe, prices or values are missing';
      return { cell, refused: event, reason };
    }
    if (!this.#regime) return { cell, refused: event, reason: 'a bar came before the first configuration' };
    const { columns } = this.#regime;
    const { receivedAt, values: named, ...bar } = event;
    const at = i * columns.length;
    readValues(columns, named, this.#roomAt(at, columns.length).subarray(at, at + columns.length));
    return { cell, bar, receivedAt, at, from: 0, to: 0 };
  }

  /** All values, with room for those of one more event. */
  #roomAt(at: number, width: number): Float64Array {
    if (at + width <= this.#values.length) return this.#values;
    const larger = new Float64Array(Math.max(2 * at, FEW_EVENTS * width));
    larger.set(this.#values);
    return (this.#values = larger);
  }
}

function isEvent(event: CalculationEvent): boolean {
  return (
    typeof event?.symbol === 'string' &&
    isTimeframe(event.timeframe) &&
    PRICES.every((field) => Number.isFinite(event[field])) &&
    typeof event.values === 'object' &&
    event.values !== null
  );
}

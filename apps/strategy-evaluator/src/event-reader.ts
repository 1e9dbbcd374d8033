import type { CalculationEvent } from '@wagehood/contracts';
import { isTimeframe, seriesKey } from '@wagehood/market';
import {
  BatchReader,
  eventFormat,
  eventSlot,
  type BatchFormat,
  type EventFormat,
  type EventText,
} from '@wagehood/streams';
import { readValues, valuesOf, type Regime } from './regime';

/** An item of an entry that is no event, or comes before there are settings to read it by. */
export interface Refused {
  readonly cell: string;
  readonly refused: unknown;
  readonly reason: string;
}

/** Before there are settings every event is looked at one by one, and refused. */
const UNREADABLE: Pick<EventFormat, 'readBegin' | 'read' | 'readEnd'> = {
  ...eventFormat([]),
  read: (from) => void (from.ok = false),
};
const PRICES = ['timestamp', 'open', 'high', 'low', 'close', 'volume'] as const;

/** Reads the events of entries, one at a time: `values` and `whole` speak of the one that was read last. */
export class EventReader {
  /** The values of the event in the order of the regime's columns. */
  values = new Float64Array(0);
  #regime: Regime | null = null;
  #format: BatchFormat<EventText | Refused> = this.#formatOf(null);

  /** The events of an entry: read as our own calculation writes them, or as any JSON that means the same. */
  read(bytes: Buffer, regime: Regime | null): Iterable<EventText | Refused> {
    if (regime !== this.#regime) {
      this.#regime = regime;
      this.values = new Float64Array(regime?.columns.length ?? 0);
      this.#format = this.#formatOf(regime);
    }
    return new BatchReader(bytes, this.#format);
  }

  /** The event as it came, values by name. */
  whole({ bar, receivedAt }: EventText): CalculationEvent {
    return { ...bar, receivedAt, values: valuesOf(this.#regime?.columns ?? [], this.values) };
  }

  #formatOf(regime: Regime | null): BatchFormat<EventText | Refused> {
    const { readBegin, read, readEnd } = regime?.format ?? UNREADABLE;
    const { values } = this;
    const item = eventSlot();
    return {
      name: 'events',
      begin: readBegin,
      end: readEnd,
      item,
      read: (from) => read(from, item, values),
      make: (parsed) => this.#make(parsed as CalculationEvent),
    };
  }

  #make(event: CalculationEvent): EventText | Refused {
    const cell = seriesKey(event?.symbol, event?.timeframe);
    if (!isEvent(event)) {
      const reason = 'not a calculation event: symbol, timeframe, prices or values are missing';
      return { cell, refused: event, reason };
    }
    if (!this.#regime) return { cell, refused: event, reason: 'a bar came before the first configuration' };
    const { receivedAt, values: named, ...bar } = event;
    readValues(this.#regime.columns, named, this.values);
    return { cell, bar, receivedAt };
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

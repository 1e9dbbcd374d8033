import type { CalculationEvent } from '@wagehood/contracts';
import { isTimeframe, seriesKey } from '@wagehood/market';
import { ArrayReader, eventSlot, type EventText, type ItemFormat } from '@wagehood/streams';
import { readValues, valuesOf, type Regime } from './regime';

/** An item of an entry that is no event, or comes before there are settings to read it by. */
export interface Refused {
  readonly cell: string;
  readonly refused: unknown;
  readonly reason: string;
}

const PRICES = ['timestamp', 'open', 'high', 'low', 'close', 'volume'] as const;

/** Reads the events of entries, one at a time: `values` and `whole` speak of the one that was read last. */
export class EventReader {
  /** The values of the event in the order of the regime's columns. */
  values = new Float64Array(0);
  #regime: Regime | null = null;
  readonly #event = eventSlot();
  readonly #format: ItemFormat<EventText | Refused> = {
    name: 'events',
    item: this.#event,
    read: (from) => {
      if (this.#regime) this.#regime.format.read(from, this.#event, this.values);
      else from.ok = false;
    },
    make: (parsed) => this.#make(parsed as CalculationEvent),
  };

  /** The events of an entry: read as our own calculation writes them, or as any JSON that means the same. */
  read(bytes: Buffer, regime: Regime | null): Iterable<EventText | Refused> {
    this.#regime = regime;
    const width = regime?.columns.length ?? 0;
    if (this.values.length !== width) this.values = new Float64Array(width);
    return new ArrayReader(bytes, this.#format);
  }

  /** The event as it came, values by name. */
  whole({ bar, receivedAt }: EventText): CalculationEvent {
    return { ...bar, receivedAt, values: valuesOf(this.#regime?.columns ?? [], this.values) };
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
    return { cell, bar, receivedAt, from: 0, to: 0 };
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

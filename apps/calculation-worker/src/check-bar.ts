import { barOf, type BarEvent, type BarSlot } from '@wagehood/contracts';
import { isTimeframe, parseSymbol, validateBar, type Bar } from '@wagehood/market';

/**
 * The bar of an event. What ingestion would not have let through was written by a stranger: it is refused before it touches any
 * state, and before a field of it that is written on as it is could break the text of everybody else's events.
 * @param into where the bar is filled in; default: a place of its own
 * @throws with a sentence on what is wrong
 */
export function checkBar(event: BarEvent, into?: BarSlot): Bar {
  if (typeof event?.symbol !== 'string' || !isTimeframe(event.timeframe))
    throw new Error('not a bar: symbol or timeframe is missing');
  const bar = barOf(event, into);
  const fault = validateBar(bar, event.timeframe);
  if (fault) throw new Error(`not a valid bar: ${fault.message}`);
  const { price, source, isFinal, revision } = event;
  if (!Number.isFinite(price)) throw new Error(`not a valid bar: price is ${price}, expected the close`);
  if (typeof source !== 'string') throw new Error('not a valid bar: source is missing');
  if (typeof isFinal !== 'boolean') throw new Error(`not a valid bar: isFinal is ${isFinal}, expected true or false`);
  if (revision !== undefined && !Number.isSafeInteger(revision))
    throw new Error(`not a valid bar: revision is ${revision}, expected a whole number`);
  return bar;
}

/** @throws when the symbol could not have come through ingestion; asked once per series, not per bar */
export function checkSymbol({ symbol }: BarEvent): void {
  if (parseSymbol(symbol) !== symbol) throw new Error(`not a valid bar: '${symbol}' is no symbol`);
}

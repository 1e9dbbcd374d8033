import type { z } from 'zod';
import { barEventSchema } from './bar-event';
import { epochMs, indicatorValues, type IndicatorValues } from './fields';
import { batchParser } from './parse-message';

/** A bar with the values of all indicators on it: `calculation_events_stream`. */
export const calculationEventSchema = barEventSchema.extend({
  /** Epoch ms at which the bar's own feed bar was appended to `market_data_stream`. */
  receivedAt: epochMs,
  values: indicatorValues,
});

export type CalculationEvent = Readonly<
  Omit<z.output<typeof calculationEventSchema>, 'values'> & { values: IndicatorValues }
>;

/** Reads `data` of an entry of kind `bar`. */
export const parseCalculationEvents = batchParser(calculationEventSchema);

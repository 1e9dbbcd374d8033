import { z } from 'zod';
import { httpAlert } from './alerts';
import {
  bar,
  indicatorReading,
  listParameter,
  revision,
  symbolInput,
  symbolOutput,
  time,
  timeframe,
  timeframeParameter,
} from './fields';
import { httpSignal } from './signals';

export const channels = ['price', 'indicator', 'signal', 'alert'] as const;

/** Query of GET /stream; without symbols everything. `Last-Event-ID` (header, or `last_event_id` here) resumes. */
export const streamQuery = z.object({
  symbols: listParameter(symbolInput).optional(),
  channels: listParameter(z.enum(channels)).optional(),
  timeframes: listParameter(timeframeParameter).optional(),
  last_event_id: z.string().min(1).max(4096).optional(),
});

const event = <T extends string, D extends z.ZodType>(type: T, data: D) =>
  z.object({ type: z.literal(type), symbol: symbolOutput, data, timestamp: time });

export const priceEvent = event(
  'price',
  bar.extend({ timeframe, price: z.number(), isFinal: z.boolean(), source: z.string(), revision }),
);

export const indicatorEvent = event(
  'indicator',
  z.object({ timeframe, timestamp: time, price: z.number(), indicators: z.record(z.string(), indicatorReading) }),
);

export const signalEvent = event('signal', httpSignal);

/** `symbol` is empty for an alert about the system. */
export const alertEvent = event('alert', httpAlert);

/** `data:` of a server-sent event; its `event:` is `type` and its `id:` resumes the stream. */
export const streamEvent = z
  .discriminatedUnion('type', [priceEvent, indicatorEvent, signalEvent, alertEvent])
  .meta({ id: 'StreamEvent' });

export type StreamChannel = (typeof channels)[number];
export type StreamQuery = z.output<typeof streamQuery>;
export type StreamEvent = z.output<typeof streamEvent>;
export type PriceEvent = z.output<typeof priceEvent>;
export type IndicatorEvent = z.output<typeof indicatorEvent>;
export type SignalEvent = z.output<typeof signalEvent>;
export type AlertEvent = z.output<typeof alertEvent>;

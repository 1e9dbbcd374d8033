import { z } from 'zod';
import { epochMs } from './fields';
import { batchParser, messageParser } from './parse-message';
import { signalSchema, type Signal } from './signal';

export const severity = z.enum(['info', 'warning', 'critical']);

/** `suppressed`: the rule's cooldown held it back. */
export const alertStatus = z.enum(['pending', 'delivered', 'failed', 'suppressed']);

/**
 * A signal or a system event on its way to one channel: `alert_stream`. The same alert comes again when it is delivered or given
 * up, now and then before it comes as pending: of one id the one that was settled last holds.
 */
export const alertSchema = z.object({
  /** Deterministic, from signal (or system event), rule and channel; names the delivery job. No `:` in it. */
  id: z.string().regex(/^[a-z0-9_-]+$/, 'not an alert id'),
  rule: z.string().min(1),
  channel: z.string().min(1),
  severity,
  title: z.string(),
  signal: signalSchema.optional(),
  /** What happened, when it is the system itself that speaks. */
  system: z
    .object({
      code: z.string().min(1),
      detail: z.string(),
      subject: z.string().optional(),
      symbols: z.array(z.string()).optional(),
    })
    .optional(),
  /** Epoch ms. */
  createdAt: epochMs,
  status: alertStatus,
  /** Once it is delivered or given up: after how many attempts, when (epoch ms), and why not. */
  attempts: z.int().nonnegative().optional(),
  settledAt: epochMs.optional(),
  reason: z.string().optional(),
});

export type Severity = z.output<typeof severity>;
export type AlertStatus = z.output<typeof alertStatus>;
export type Alert = Readonly<Omit<z.output<typeof alertSchema>, 'signal' | 'system'>> & {
  readonly signal?: Signal | undefined;
  readonly system?:
    | {
        readonly code: string;
        readonly detail: string;
        readonly subject?: string | undefined;
        readonly symbols?: readonly string[] | undefined;
      }
    | undefined;
};

/** Reads `data` of an entry of kind `alert`. */
export const parseAlerts = batchParser(alertSchema);
/** Reads one alert (a delivery job's payload). */
export const parseAlert = messageParser(alertSchema);

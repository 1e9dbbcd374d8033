import { z } from 'zod';
import { alertSchema, type Alert } from './alert';
import { epochMs } from './fields';
import { messageParser } from './parse-message';

/** What a person asks of alerting: `alert_commands`, written by api alone. */
export const alertCommandSchema = z.object({
  /** Deliver these again; one that is on its way, or has arrived meanwhile, is left alone. */
  action: z.literal('resend'),
  alerts: z.array(alertSchema).min(1).max(100),
  /** Name of the API key, or `command`. */
  requestedBy: z.string(),
  /** Epoch ms. */
  requestedAt: epochMs,
});

export type AlertCommand = Readonly<Omit<z.output<typeof alertCommandSchema>, 'alerts'>> & {
  readonly alerts: readonly Alert[];
};

export const parseAlertCommand = messageParser(alertCommandSchema);

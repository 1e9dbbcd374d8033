import { z } from 'zod';
import { alertStatus, severity, type Alert } from '../messages/alert';
import { cursorParameter, intParameter, listParameter, symbolInput, time, timeParameter, toTime } from './fields';
import { httpSignal, toHttpSignal } from './signals';

const name = z.string().min(1).max(64);
const kind = z.enum(['signal', 'system']);

/** Query of GET /monitor/alerts: the newest first. */
export const alertsQuery = z.object({
  kind: listParameter(kind).optional().describe('What led to them: a signal, or what the system says of itself'),
  status: listParameter(alertStatus).optional().describe('`failed` lists everything that was given up'),
  severity: listParameter(severity).optional(),
  rule: listParameter(name).optional(),
  channel: listParameter(name).optional(),
  symbols: listParameter(symbolInput).optional(),
  acknowledged: z.enum(['true', 'false']).optional(),
  start_date: timeParameter.optional(),
  end_date: timeParameter.optional(),
  limit: intParameter(1, 1000).default(100),
  cursor: cursorParameter.optional(),
});

/** An alert as HTTP shows it: times are RFC 3339. */
export const httpAlert = z
  .object({
    id: z.string(),
    kind,
    rule: z.string(),
    channel: z.string(),
    severity,
    title: z.string(),
    status: alertStatus,
    createdAt: time,
    attempts: z.int().optional().describe('Attempts until it was delivered or given up'),
    settledAt: time.optional().describe('When it was delivered or given up'),
    reason: z.string().optional().describe('Why it was given up'),
    signal: httpSignal.optional(),
    system: z
      .object({
        code: z.string(),
        detail: z.string(),
        subject: z.string().optional(),
        symbols: z.array(z.string()).optional(),
      })
      .optional(),
  })
  .meta({ id: 'Alert' });

const acknowledgement = z.object({ by: z.string(), at: time });

export const listedAlert = httpAlert.extend({ acknowledged: acknowledgement.nullable() }).meta({ id: 'ListedAlert' });

/** GET /monitor/alerts. */
export const alertsResponse = z
  .object({ alerts: z.array(listedAlert), nextCursor: z.string().nullable() })
  .meta({ id: 'Alerts' });

export const alertPath = z.object({ id: z.string().regex(/^[a-z0-9_-]{1,200}$/, 'is not the id of an alert') });

/** Body of POST /monitor/alerts/resend: which of the undelivered alerts; all of them without a field. */
export const resendRequest = z.strictObject({
  ids: z.array(z.string().min(1).max(200)).min(1).max(1000).optional(),
  rule: name.optional(),
  channel: name.optional(),
});

/** What alerting has been asked for; how it ends shows in the status of the alerts. */
export const resendResponse = z.object({ requested: z.array(z.string()) }).meta({ id: 'Resend' });

export type AlertsQuery = z.output<typeof alertsQuery>;
export type HttpAlert = z.output<typeof httpAlert>;
export type ListedAlert = z.output<typeof listedAlert>;
export type ResendRequest = z.output<typeof resendRequest>;

export const kindOf = ({ system }: Pick<Alert, 'system'>): z.output<typeof kind> => (system ? 'system' : 'signal');

/** An alert of the stream as HTTP shows it. */
export function toHttpAlert(alert: Alert): HttpAlert {
  const { id, rule, channel, severity: level, title, status, createdAt, attempts, settledAt, reason, system } = alert;
  return {
    ...{ id, kind: kindOf(alert), rule, channel, severity: level, title, status, createdAt: toTime(createdAt) },
    ...(attempts !== undefined && { attempts }),
    ...(settledAt !== undefined && { settledAt: toTime(settledAt) }),
    ...(reason !== undefined && { reason }),
    ...(alert.signal && { signal: toHttpSignal(alert.signal) }),
    ...(system && { system: toHttpSystem(system) }),
  };
}

const toHttpSystem = ({ code, detail, subject, symbols }: NonNullable<Alert['system']>) => ({
  ...{ code, detail },
  ...(subject !== undefined && { subject }),
  ...(symbols && { symbols: [...symbols] }),
});

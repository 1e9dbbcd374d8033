import { z } from 'zod';
import { ALERT_SECRET_NAME } from '../env/named-secrets';
import { nameField, seconds, symbolField, timeframeField } from './fields';
import type { ObjectMaker } from './object-maker';
import { SYSTEM_EVENT_CODES } from './system-event-codes';

const consoleChannel = (object: ObjectMaker) => object({ type: z.literal('console') });

const webhookChannel = (object: ObjectMaker) =>
  object({
    type: z.literal('webhook'),
    url: z.url({ protocol: /^https?$/, error: 'must be an http:// or https:// URL' }),
    /** Signs the body (HMAC-SHA256). Shown masked wherever the configuration is shown. */
    secret: z.string().min(1).max(1024).optional(),
    /** The variable of alerting that holds the secret instead, or (`NAME_FILE`) the path of a file with it. */
    secret_env: z.string().regex(ALERT_SECRET_NAME, 'must be a name like ALERT_SECRET_DESK').optional(),
    /** Private and link-local targets are refused unless this is true. */
    allow_private: z.boolean().default(false),
  });

const emailChannel = (object: ObjectMaker) =>
  object({
    type: z.literal('email'),
    /** The mail server that takes our mails. */
    host: z.string().regex(/^[A-Za-z0-9.:-]{1,253}$/, 'must be the name or the address of a mail server'),
    port: z.int().min(1).max(65_535).default(587),
    /** `starttls`: nothing is said before it is encrypted; `tls`: from the first byte, as on port 465; `none`: in the clear. */
    security: z.enum(['starttls', 'tls', 'none']).default('starttls'),
    /** PEM of the authority that vouches for the server, when it is none that everybody trusts. */
    ca: z.string().includes('BEGIN CERTIFICATE', 'must be a certificate in PEM').max(65_536).optional(),
    from: z.email('must be a mail address'),
    to: z.array(z.email('must be a mail address')).min(1).max(50),
    username: z.string().min(1).max(256).optional(),
    /** The variable of alerting that holds the password, or (`NAME_FILE`) the path of a file with it. */
    password_env: z.string().regex(ALERT_SECRET_NAME, 'must be a name like ALERT_SECRET_DESK').optional(),
    /** Private and link-local servers are refused unless this is true. */
    allow_private: z.boolean().default(false),
  });

/** Where alerts go, one of the channel types. */
export const channelSettings = (object: ObjectMaker) =>
  z.discriminatedUnion('type', [consoleChannel(object), webhookChannel(object), emailChannel(object)]);

/** What a signal (or, for `events`, a system event) must be to match; an absent field matches everything. */
export const ruleMatch = (object: ObjectMaker) =>
  object({
    strategies: z.array(nameField).min(1).optional(),
    symbols: z.array(symbolField).min(1).optional(),
    sides: z
      .array(z.enum(['buy', 'sell']))
      .min(1)
      .optional(),
    timeframes: z.array(timeframeField).min(1).optional(),
    min_confidence: z.number().min(0).max(1).optional(),
    /** Of a rule `on: system`. */
    events: z.array(z.enum(SYSTEM_EVENT_CODES)).min(1).optional(),
  });

/**
 * What matches goes to the channels: signals, at most one per symbol and side within the cooldown, or what the system says of itself
 * (`on: system`), at most one per code and subject.
 */
export const ruleSettings = (object: ObjectMaker) =>
  object({
    name: nameField,
    enabled: z.boolean().default(true),
    severity: z.enum(['info', 'warning', 'critical']).default('info'),
    /** Absent: signals. */
    on: z.enum(['signal', 'system']).optional(),
    match: ruleMatch(object).prefault({}),
    channels: z.array(nameField).min(1),
    cooldown_seconds: seconds(0, 31_536_000).default(0),
  });

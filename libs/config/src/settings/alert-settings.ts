import { z } from 'zod';
import { ALERT_SECRET_NAME } from '../env/named-secrets';
import { nameField, seconds, symbolField, timeframeField } from './fields';
import type { ObjectMaker } from './object-maker';

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

/** Where alerts go, one of the channel types. */
export const channelSettings = (object: ObjectMaker) =>
  z.discriminatedUnion('type', [consoleChannel(object), webhookChannel(object)]);

/** What a signal must be to match; an absent field matches everything. */
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
  });

/** Signals that match go to the channels, at most one per symbol and side within the cooldown. */
export const ruleSettings = (object: ObjectMaker) =>
  object({
    name: nameField,
    enabled: z.boolean().default(true),
    severity: z.enum(['info', 'warning', 'critical']).default('info'),
    match: ruleMatch(object).prefault({}),
    channels: z.array(nameField).min(1),
    cooldown_seconds: seconds(0, 31_536_000).default(0),
  });

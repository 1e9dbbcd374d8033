import { z } from 'zod';
import { batchParser } from './parse-message';

/**
 * Something that happened to the system itself: entries of kind `system`, forwarded down every log of a partition to alerting.
 * A `gap` entry and a dead letter become one on the way.
 */
export const systemEventSchema = z.object({
  /** Names the event for ever: the same one twice has the same id. No `:` in it. */
  id: z.string().regex(/^[a-z0-9_-]+$/, 'not the id of a system event'),
  /** One of SYSTEM_EVENT_CODES; a newer service may know more. */
  code: z.string().min(1).max(64),
  /** What it is about; a rule's cooldown counts per code and subject. */
  subject: z.string().min(1).max(200),
  /** For people. */
  detail: z.string().max(500),
  /** The symbols that it concerns, if any. */
  symbols: z.array(z.string()).optional(),
});

export type SystemEvent = Readonly<Omit<z.output<typeof systemEventSchema>, 'symbols'>> & {
  readonly symbols?: readonly string[] | undefined;
};

/** Reads `data` of an entry of kind `system`. */
export const parseSystemEvents = batchParser(systemEventSchema);

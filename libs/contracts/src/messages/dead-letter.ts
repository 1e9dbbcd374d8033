import { z } from 'zod';
import { messageParser } from './parse-message';

/** An element that a stage could not process: `<stage>:<partition>:dead-letters`. The rest of its batch went on. */
export const deadLetterSchema = z.object({
  /** Number of the entry in the stage's input. */
  offset: z.int().nonnegative(),
  /** Null when the element did not even parse. */
  symbol: z.string().nullable(),
  timeframe: z.string().nullable(),
  /** The indicator, strategy or rule that failed; null when decoding did. */
  definition: z.string().nullable(),
  /** The element as it was sent, or its text. */
  payload: z.unknown(),
  error: z.string(),
  attempts: z.int().positive(),
});

export type DeadLetter = Readonly<z.output<typeof deadLetterSchema>>;

export const parseDeadLetter = messageParser(deadLetterSchema);

import { settingsSchema, type Settings } from '@wagehood/config';
import { z } from 'zod';
import { epochMs } from './fields';
import { messageParser } from './parse-message';

/**
 * The configuration that all services work with, written by api alone: stream `control`, key `control:document`, and the entry
 * of kind `control` in every partition's log, where it takes effect at that offset.
 */
export const controlDocumentSchema = z.object({
  /** From 1, one higher with each change. */
  version: z.int().positive(),
  settings: settingsSchema,
  /** Epoch ms. */
  updatedAt: epochMs,
  /** Who asked for it: `start`, `file`, or the name of an API key. */
  updatedBy: z.string(),
});

export type ControlDocument = Readonly<Omit<z.output<typeof controlDocumentSchema>, 'settings'>> & {
  readonly settings: Settings;
};

export const parseControlDocument = messageParser(controlDocumentSchema);

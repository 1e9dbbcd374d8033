import { z } from 'zod';
import { nameField, parametersField, seconds } from './fields';
import type { ObjectMaker } from './object-maker';

/** One indicator of the settings file. `name` is a catalog id, or id and first parameter (`sma_50`). */
export const indicatorSettings = (object: ObjectMaker) =>
  object({
    name: nameField,
    enabled: z.boolean().default(true),
    parameters: parametersField.default({}),
    /** Throttles cached values and pushes to clients, by bar time; never what is computed. */
    update_frequency_seconds: seconds(0, 86_400).default(1),
    /** When a cached value expires. */
    ttl_seconds: seconds(1, 31_536_000).default(300),
  });

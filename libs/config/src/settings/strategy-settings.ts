import { z } from 'zod';
import { nameField, parametersField, seconds } from './fields';
import type { ObjectMaker } from './object-maker';

/** One strategy of the settings file. `name` is a catalog id. */
export const strategySettings = (object: ObjectMaker) =>
  object({
    name: nameField,
    enabled: z.boolean().default(true),
    parameters: parametersField.default({}),
    /** Indicators that must be enabled besides those that the strategy says it needs. */
    required_indicators: z.array(nameField).default([]),
    /** Throttles pushes to clients, by bar time; never what is computed. */
    update_frequency_seconds: seconds(0, 86_400).default(1),
    /** How long a signal counts as current. */
    ttl_seconds: seconds(1, 31_536_000).default(600),
  });

import { z } from 'zod';
import { nameField, symbolField } from './fields';
import type { ObjectMaker } from './object-maker';

const clock = z.string().regex(/^([01]\d|2[0-3]):[0-5]\d$/, 'must be a time of day such as 09:30');

/** Opening hours of the symbols that it lists. A symbol of no session trades around the clock. */
export const sessionSettings = (object: ObjectMaker) =>
  object({
    name: nameField,
    symbols: z.array(symbolField).min(1),
    /** IANA name, e.g. `America/New_York`. */
    timezone: z.string().min(1).max(64),
    /** ISO days of the week, 1 = Monday. */
    days: z.array(z.number().int().min(1).max(7)).min(1).default([1, 2, 3, 4, 5]),
    open: clock,
    close: clock,
    /** Days without trading, `YYYY-MM-DD`. */
    holidays: z.array(z.iso.date()).default([]),
  });

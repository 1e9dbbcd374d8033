import type { z } from 'zod';
import { fromTable } from './table';

export type Parsed<T> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly error: string };

/** One element of a batch that is not what it should be. */
export interface ElementFault {
  readonly index: number;
  /** The element as it was sent. */
  readonly payload: unknown;
  readonly error: string;
}

/** A batch that was read: the good elements in order, and those that were not. */
export interface ParsedBatch<T> {
  readonly values: readonly T[];
  readonly faults: readonly ElementFault[];
}

const MAX_TEXT = 300;

const explain = (error: z.ZodError): string =>
  error.issues
    .map(({ path, message }) => (path.length > 0 ? `${path.join('.')}: ${message}` : message))
    .join('; ')
    .slice(0, MAX_TEXT);

/** JSON.parse as a value; the error never repeats the payload. */
export function parseJson(text: string): Parsed<unknown> {
  try {
    return { ok: true, value: JSON.parse(text) as unknown };
  } catch {
    return { ok: false, error: 'not JSON' };
  }
}

/** The function that reads one message: never throws. */
export function messageParser<S extends z.ZodType>(schema: S): (text: string) => Parsed<z.output<S>> {
  return (text) => {
    const json = parseJson(text);
    if (!json.ok) return json;
    const result = schema.safeParse(json.value);
    return result.success ? { ok: true, value: result.data } : { ok: false, error: explain(result.error) };
  };
}

/**
 * The function that reads a batch: `data` of an entry is a JSON array of messages, or a table of them. An element that does not parse is reported
 * and the rest goes on; only a text that is no JSON array fails as a whole. Never throws.
 */
export function batchParser<S extends z.ZodType>(schema: S): (text: string) => Parsed<ParsedBatch<z.output<S>>> {
  const whole = schema.array();
  return (text) => {
    const json = parseJson(text);
    if (!json.ok) return json;
    if (!Array.isArray(json.value)) return { ok: false, error: 'not a JSON array' };
    const elements = fromTable(json.value);
    const result = whole.safeParse(elements);
    if (result.success) return { ok: true, value: { values: result.data, faults: [] } };
    return { ok: true, value: oneByOne(schema, elements) };
  };
}

function oneByOne<S extends z.ZodType>(schema: S, elements: readonly unknown[]): ParsedBatch<z.output<S>> {
  const values: z.output<S>[] = [];
  const faults: ElementFault[] = [];
  elements.forEach((payload, index) => {
    const result = schema.safeParse(payload);
    if (result.success) values.push(result.data);
    else faults.push({ index, payload, error: explain(result.error) });
  });
  return { values, faults };
}

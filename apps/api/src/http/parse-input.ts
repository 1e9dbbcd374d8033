import { parseRequest, type RequestPart } from '@wagehood/contracts';
import type { z } from 'zod';
import { invalidRequest } from './problem';

/** Checks a part of a request against its schema. @throws Problem 400 that lists every fault */
export function parseInput<S extends z.ZodType>(schema: S, input: unknown, part: RequestPart): z.output<S> {
  const parsed = parseRequest(schema, input, part);
  if (parsed.ok) return parsed.value;
  throw invalidRequest(parsed.errors);
}

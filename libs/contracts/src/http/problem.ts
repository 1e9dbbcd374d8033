import { z } from 'zod';

/** One thing that is wrong with a request. */
export const problemError = z.object({
  /** Where: `body.symbol`, `query.limit`, `path.symbol`, `header.authorization`. */
  path: z.string(),
  message: z.string(),
  expected: z.string().optional(),
});

/** RFC 9457, `application/problem+json`. */
export const problemSchema = z
  .object({
    type: z.string().default('about:blank'),
    title: z.string(),
    status: z.int().min(400).max(599),
    detail: z.string().optional(),
    instance: z.string().optional(),
    errors: z.array(problemError).optional(),
  })
  .meta({ id: 'Problem' });

export type ProblemError = z.output<typeof problemError>;
export type Problem = z.output<typeof problemSchema>;

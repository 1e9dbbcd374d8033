import { isTimeframe } from '@wagehood/market';
import { z } from 'zod';
import type { DeadLetter } from '../messages/dead-letter';
import type { Stage } from '../topology';
import { intParameter, listParameter, symbolInput, time, toTime } from './fields';

const stage = z.enum(['calculation', 'strategy', 'alerting']);

/** Query of GET /monitor/dead-letters: the newest first. */
export const deadLettersQuery = z.object({
  stage: listParameter(stage).optional(),
  partition: intParameter(0, 999_999).optional(),
  symbols: listParameter(symbolInput).optional().describe('Letters that did not even parse have no symbol'),
  limit: intParameter(1, 1000).default(100),
});

/** A dead letter without what was put aside. */
export const deadLetterSummary = z
  .object({
    id: z.string().describe('Stage, partition and place: what /monitor/dead-letters/{letter} wants'),
    stage,
    partition: z.int(),
    at: time.describe('When it was put aside'),
    offset: z.int().describe('Number of the entry in the input of the stage'),
    symbol: z.string().nullable(),
    timeframe: z.string().nullable(),
    definition: z.string().nullable().describe('The indicator, strategy or rule that failed'),
    error: z.string(),
    attempts: z.int(),
  })
  .meta({ id: 'DeadLetterSummary' });

/** GET /monitor/dead-letters. */
export const deadLettersResponse = z
  .object({
    deadLetters: z.array(deadLetterSummary),
    kept: z.object({ calculation: z.int(), strategy: z.int(), alerting: z.int() }).describe('Kept in all, by stage'),
  })
  .meta({ id: 'DeadLetters' });

/** GET /monitor/dead-letters/{letter}. */
export const deadLetterResponse = deadLetterSummary
  .extend({ payload: z.string().describe('What was put aside, as it came') })
  .meta({ id: 'DeadLetter' });

const LETTER_ID = /^(calculation|strategy|alerting)\.(\d{1,6})\.(\d{1,15}-\d{1,9})$/;

export const deadLetterPath = z.object({
  letter: z.string().regex(LETTER_ID, 'is not the id of a dead letter, such as calculation.3.1767571200000-0'),
});

export type DeadLettersQuery = z.output<typeof deadLettersQuery>;
export type DeadLetterSummary = z.output<typeof deadLetterSummary>;
export type DeadLetterResponse = z.output<typeof deadLetterResponse>;

/** Where a dead letter is kept. */
export interface LetterPlace {
  readonly stage: Stage;
  readonly partition: number;
  /** Id of its entry there; begins with the epoch ms of its keeping. */
  readonly entry: string;
}

/** Of an id that `deadLetterPath` has accepted. */
export function placeOfLetter(id: string): LetterPlace {
  const [, name, partition, entry] = LETTER_ID.exec(id) ?? [];
  return { stage: name as Stage, partition: Number(partition), entry: entry as string };
}

export function toHttpDeadLetter(
  { stage: name, partition, entry }: LetterPlace,
  letter: DeadLetter,
): DeadLetterResponse {
  const { offset, symbol, timeframe, definition, error, attempts, payload } = letter;
  return {
    ...{ id: `${name}.${partition}.${entry}`, stage: name, partition, at: toTime(Number.parseInt(entry, 10)), offset },
    ...{
      symbol,
      timeframe: timeframe !== null && isTimeframe(timeframe) ? timeframe : null,
      definition,
      error,
      attempts,
    },
    payload: typeof payload === 'string' ? payload : JSON.stringify(payload),
  };
}

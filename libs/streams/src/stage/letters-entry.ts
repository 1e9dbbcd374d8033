import type { SystemEvent } from '@wagehood/contracts';
import { systemEventId } from '../alerts/system-event-id';
import type { StageName } from '../layout/keys';
import type { OutEntry } from './outbox';
import type { DeadLetter } from './processor';

/** Dead letters of one commit that are told of one by one; all of them are kept. */
const MOST_TOLD = 10;
const MOST_ERROR = 200;

/** What a commit puts aside, told to the stages behind: one entry of system events, none without letters. */
export function lettersEntry(stage: StageName, letters: readonly string[]): readonly OutEntry[] {
  if (letters.length === 0) return [];
  const events = letters.slice(0, MOST_TOLD).map((json) => eventOf(stage, JSON.parse(json) as DeadLetter));
  return [{ kind: 'system', data: JSON.stringify(events), bars: 0 }];
}

/** Its place in the log is no part of its identity: bars that a failover took come again in another entry. */
function eventOf(stage: StageName, { symbol, timeframe, definition, payload, error }: DeadLetter): SystemEvent {
  const what = definition ?? symbol ?? 'an entry';
  const where = [symbol, timeframe].filter((word) => word !== null).join(' ');
  return {
    id: systemEventId('dead_letter', stage, `${symbol} ${timeframe} ${definition}`, String(payload), error),
    code: 'dead_letter',
    subject: `${stage} ${what}`,
    detail: `${stage} put ${where || 'an entry'} aside${definition === null ? '' : ` for ${definition}`}: ${error.slice(0, MOST_ERROR)}`,
    ...(symbol === null ? {} : { symbols: [symbol] }),
  };
}

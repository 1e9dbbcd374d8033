import type { SystemEvent } from '@wagehood/contracts';
import type { SystemEventCode } from '@wagehood/config';
import { randomUUID } from 'node:crypto';
import { conditionsKey, stageKey, streamKey, tokensKey } from '../layout/keys';
import { partitionTag } from '../layout/partition';
import { raiseEvent } from '../protocol/scripts';
import type { RedisLink } from '../redis/connect';
import { systemEventId } from './system-event-id';

/** What somebody sees of the system now. */
export type Observation = Omit<SystemEvent, 'id' | 'code'> & { readonly code: SystemEventCode };

/** Tells of what is seen of the system as a whole, in the log that alerting reads; it stands in the first partition. */
export interface Observations {
  /**
   * To be called again for as long as it is seen, by anybody: it is told once, until nobody has seen it for `holdMs`.
   * @returns `early` when the strategy stage has not begun: try again later.
   */
  tell(observation: Observation): Promise<'told' | 'known' | 'early'>;
}

/** Longer than a new process needs to see for itself what a dead one saw. */
const HOLD_MS = 300_000;

export function createObservations(link: RedisLink, partitions: number, holdMs = HOLD_MS): Observations {
  const tag = partitionTag(0, partitions);
  const keys = [
    stageKey('strategy', tag),
    streamKey('signal_stream', tag),
    tokensKey('signal_stream', tag),
    conditionsKey(tag),
  ];
  return {
    async tell(observation) {
      const { code, subject } = observation;
      const event: SystemEvent = { id: systemEventId(code, subject, randomUUID()), ...observation };
      const args = [`${code} ${subject}`, JSON.stringify(event), holdMs];
      const reply = await raiseEvent.run(link.commands, keys, args);
      return reply === 1 ? 'told' : reply === 0 ? 'known' : 'early';
    },
  };
}

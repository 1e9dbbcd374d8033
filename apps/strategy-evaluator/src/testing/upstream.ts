import type { SettingsInput } from '@wagehood/config';
import type { CalculationEvent, Signal } from '@wagehood/contracts';
import { partitionOf, partitionTags, stageKey, streamKey, type RedisLink } from '@wagehood/streams';
import { documentOf } from './documents';

/** Plays calculation: writes configurations and bars with values as its commits do. */
export interface Upstream {
  configure(settings: SettingsInput): Promise<void>;
  /** Appends one entry of events to the partition of each symbol. */
  emit(events: readonly CalculationEvent[]): Promise<void>;
  /** Signals given out so far, in order within each symbol. */
  signals(): Promise<Signal[]>;
}

export function createUpstream(link: RedisLink, partitions: number): Upstream {
  const tags = partitionTags(partitions);
  let version = 0;
  const append = async (tag: string, kind: string, json: string, bars: number): Promise<void> => {
    const out = await link.commands.hincrby(stageKey('calculation', tag), 'out', 1);
    const sum = await link.commands.hincrby(stageKey('calculation', tag), 'outBars', bars);
    const token = `${1_767_571_200_000_000 + out * 1_000}`;
    const fields = ['kind', kind, 'data', json, 'token', token, 'bars', `${sum}`];
    await link.commands.xadd(streamKey('calculation_events_stream', tag), `${out}-0`, ...fields);
  };
  return {
    async configure(settings) {
      const json = JSON.stringify(documentOf(++version, settings));
      for (const tag of tags) await append(tag, 'control', json, 0);
    },
    async emit(events) {
      for (const [partition, tag] of tags.entries()) {
        const own = events.filter(({ symbol }) => partitionOf(symbol, partitions) === partition);
        if (own.length > 0) await append(tag, 'bar', JSON.stringify(own), own.length);
      }
    },
    async signals() {
      const streams = tags.map((tag) => link.commands.xrange(streamKey('signal_stream', tag), '-', '+'));
      return (await Promise.all(streams))
        .flat()
        .filter(([, fields]) => fields[1] === 'signal')
        .flatMap(([, fields]) => JSON.parse(fields[3] as string) as Signal[]);
    },
  };
}

import { parseSeriesKey, seriesKey, TIMEFRAMES, type SeriesKey } from '@wagehood/market';
import {
  alertsKey,
  deadLettersKey,
  latestKey,
  membersKey,
  signalsKey,
  undeliveredKey,
  type StageName,
} from '../layout/keys';
import { partitionOf, partitionTags } from '../layout/partition';
import { liveMembers } from '../protocol/scripts';
import type { RedisLink } from '../redis/connect';
import { readStandings, type PartitionStanding } from '../stage/partition-store';
import { readHistory, readUnwritten, type HistoryPage, type HistoryRange, type StreamedEvent } from './history-reader';
import { readHeartbeatAges, readStageStats, type PartitionStats } from './stage-stats';

/** What the api may know: latest values, history, signals, where the stages stand. Reads only, and without a group. */
export interface Reader {
  /** JSON text of the latest event of each series; series without any are absent. */
  latest(series: readonly SeriesKey[]): Promise<Map<SeriesKey, string>>;
  /** The series of a symbol that have a latest value, shortest timeframe first. */
  seriesOf(symbol: string): Promise<SeriesKey[]>;
  /** Stored rows and the events behind them, oldest first; null when the series has no history yet. */
  history(
    series: SeriesKey,
    range: HistoryRange,
  ): Promise<{ readonly pages: readonly HistoryPage[]; readonly tail: readonly StreamedEvent[] } | null>;
  /** JSON texts of the newest signals of a symbol, oldest first. */
  signals(symbol: string, limit: number): Promise<string[]>;
  /** JSON texts of the newest alerts of all partitions, in no order. */
  alerts(limitPerPartition: number): Promise<string[]>;
  /** JSON texts of the alerts that were given up, of all partitions, in no order. */
  undeliveredAlerts(): Promise<string[]>;
  stageStats(stage: StageName): Promise<PartitionStats[]>;
  /** Only who owns each partition and how far it is: for those who ask often. */
  standings(stage: StageName): Promise<PartitionStanding[]>;
  /** Live members of a stage, or of `ingestion`. */
  members(stage: StageName | 'ingestion'): Promise<string[]>;
  /** The live members and how long ago each gave its last heartbeat, ms. */
  heartbeatAges(stage: StageName | 'ingestion'): Promise<ReadonlyMap<string, number>>;
  /** Newest dead letters of a stage, of all partitions or some, newest first within each. */
  deadLetters(stage: StageName, limitPerPartition: number, partitions?: readonly number[]): Promise<KeptLetter[]>;
  /** One dead letter; null when it is not (any longer) there. */
  deadLetter(stage: StageName, partition: number, entry: string): Promise<KeptLetter | null>;
  deadLetterCount(stage: StageName): Promise<number>;
}

/** A dead letter where it is kept: the id of its entry and its JSON text. */
export interface KeptLetter {
  readonly partition: number;
  readonly entry: string;
  readonly json: string;
}

export function createReader(link: RedisLink, partitions: number): Reader {
  const tags = partitionTags(partitions);
  const client = link.commands;
  const tagOf = (symbol: string): string => tags[partitionOf(symbol, partitions)] as string;
  const tagOfSeries = (series: SeriesKey): string => tagOf(parseSeriesKey(series).symbol);

  return {
    async latest(series) {
      const byTag = new Map<string, SeriesKey[]>();
      for (const key of series) byTag.set(tagOfSeries(key), [...(byTag.get(tagOfSeries(key)) ?? []), key]);
      const found = new Map<SeriesKey, string>();
      await Promise.all(
        [...byTag].map(async ([tag, keys]) => {
          const values = await client.hmget(latestKey(tag), ...keys);
          keys.forEach((key, i) => values[i] != null && found.set(key, values[i]));
        }),
      );
      return found;
    },
    async seriesOf(symbol) {
      const candidates = TIMEFRAMES.map((timeframe) => seriesKey(symbol, timeframe));
      const values = await client.hmget(latestKey(tagOf(symbol)), ...candidates);
      return candidates.filter((_, i) => values[i] != null);
    },
    async history(series, range) {
      const tag = tagOfSeries(series);
      const stored = await readHistory(client, tag, series, range);
      const unwritten = await readUnwritten(client, tag, series, stored?.newest ?? Number.NEGATIVE_INFINITY);
      const tail = unwritten
        .filter(({ timestamp }) => timestamp >= range.from && timestamp <= range.to)
        .slice(-range.limit);
      const pages = stored ? pagesBefore(stored.pages, unwritten[0]?.timestamp ?? Number.POSITIVE_INFINITY) : [];
      return stored || tail.length > 0 ? { pages, tail } : null;
    },
    signals: (symbol, limit) => client.lrange(signalsKey(tagOf(symbol), symbol), -limit, -1),
    async alerts(limitPerPartition) {
      return (await Promise.all(tags.map((tag) => client.lrange(alertsKey(tag), -limitPerPartition, -1)))).flat();
    },
    async undeliveredAlerts() {
      return (await Promise.all(tags.map((tag) => client.hvals(undeliveredKey(tag))))).flat();
    },
    standings: (stage) => readStandings(client, stage, tags),
    stageStats: (stage) => readStageStats(client, stage, tags),
    heartbeatAges: (stage) => readHeartbeatAges(client, stage),
    members: (stage) => liveMembers.run(client, [membersKey(stage)], []),
    async deadLetters(stage, limitPerPartition, partitions = [...tags.keys()]) {
      const all = await Promise.all(
        partitions.map(async (partition) => {
          const key = deadLettersKey(stage, tags[partition] as string);
          const raw = await client.xrevrange(key, '+', '-', 'COUNT', limitPerPartition);
          return raw.map((entry) => keptLetter(partition, entry));
        }),
      );
      return all.flat();
    },
    async deadLetter(stage, partition, entry) {
      const tag = tags[partition];
      const [raw] = tag === undefined ? [] : await client.xrange(deadLettersKey(stage, tag), entry, entry);
      return raw ? keptLetter(partition, raw) : null;
    },
    async deadLetterCount(stage) {
      const counts = await Promise.all(tags.map((tag) => client.xlen(deadLettersKey(stage, tag))));
      return counts.reduce((sum, count) => sum + count, 0);
    },
  };
}

/** What a correction has changed and history does not say yet is in the tail. */
function pagesBefore(pages: readonly HistoryPage[], time: number): readonly HistoryPage[] {
  if (time === Number.POSITIVE_INFINITY) return pages;
  return pages.flatMap(({ columns, rows }) => {
    const earlier = rows.filter((row) => (row[0] as number) < time);
    return earlier.length > 0 ? [{ columns, rows: earlier }] : [];
  });
}

const keptLetter = (partition: number, [entry, fields]: readonly [string, string[]]): KeptLetter => ({
  partition,
  entry,
  json: fields[fields.indexOf('data') + 1] ?? '',
});

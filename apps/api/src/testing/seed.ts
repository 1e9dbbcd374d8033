import type { Alert, CalculationEvent, Signal } from '@wagehood/contracts';
import { seriesKey, type Timeframe } from '@wagehood/market';
import { toTable } from '@wagehood/testing';
import {
  alertsKey,
  historyChunkKey,
  historyIndexKey,
  latestKey,
  partitionOf,
  partitionTag,
  signalsKey,
  stageKey,
  streamKey,
  undeliveredKey,
  type RedisClient,
  type StageName,
  type StreamName,
} from '@wagehood/streams';

/** Writes what the stages of the pipeline would have written, into a real Redis. */
export interface Seed {
  latest(event: CalculationEvent): Promise<void>;
  /** One chunk of history. */
  history(
    symbol: string,
    timeframe: Timeframe,
    columns: readonly string[],
    rows: readonly (readonly number[])[],
  ): Promise<void>;
  /** Kept signals, oldest first. */
  signals(signals: readonly Signal[]): Promise<void>;
  /** Kept alerts, oldest first, each also among the undelivered ones if it failed. */
  alerts(symbol: string, alerts: readonly Alert[]): Promise<void>;
  /** One entry at the end of a log; all of it belongs to the symbol's partition. @returns its offset */
  append(stream: StreamName, symbol: string, kind: string, data: object): Promise<number>;
}

const writerOf: Partial<Record<StreamName, StageName>> = {
  calculation_events_stream: 'calculation',
  signal_stream: 'strategy',
  alert_stream: 'alerting',
};

export function createSeed(redis: RedisClient, partitions: number): Seed {
  const tagOf = (symbol: string): string => partitionTag(partitionOf(symbol, partitions), partitions);
  return {
    async latest(event) {
      await redis.hset(latestKey(tagOf(event.symbol)), seriesKey(event.symbol, event.timeframe), JSON.stringify(event));
    },
    async history(symbol, timeframe, columns, rows) {
      const series = seriesKey(symbol, timeframe);
      const numbers = Buffer.from(new Float64Array(rows.flat()).buffer);
      const chunk = Buffer.concat([Buffer.from(`${JSON.stringify({ columns })}\n`), numbers]);
      await redis.set(historyChunkKey(tagOf(symbol), series, 0), chunk);
      const position = { first: 0, last: 0, rows: rows.length, off: 0, columns: '' };
      await redis.hset(historyIndexKey(tagOf(symbol)), series, JSON.stringify(position));
    },
    async signals(signals) {
      for (const signal of signals) {
        await redis.rpush(signalsKey(tagOf(signal.symbol), signal.symbol), JSON.stringify(signal));
      }
    },
    async alerts(symbol, alerts) {
      for (const alert of alerts) {
        await redis.rpush(alertsKey(tagOf(symbol)), JSON.stringify(alert));
        if (alert.status === 'failed') await redis.hset(undeliveredKey(tagOf(symbol)), alert.id, JSON.stringify(alert));
      }
    },
    async append(stream, symbol, kind, data) {
      const tag = tagOf(symbol);
      const stage = writerOf[stream] as StageName;
      const offset = await redis.hincrby(stageKey(stage, tag), 'out', 1);
      const written = kind === 'bar' && Array.isArray(data) ? toTable(data as object[]) : data;
      const fields = ['kind', kind, 'data', JSON.stringify(written), 'token', String(Date.now() * 1_000), 'bars', '1'];
      await redis.xadd(streamKey(stream, tag), `${offset}-0`, ...fields);
      return offset;
    },
  };
}

import type { RedisSettings } from '@wagehood/config';
import { startRedis, until, type TestRedis } from '@wagehood/testing';
import { streamKey, stageKey } from '../layout/keys';
import { partitionTags } from '../layout/partition';
import { silentLog } from '../log';
import { createProducer, type Producer, type ProducerOptions } from '../producer/producer';
import { connectRedis, type RedisLink } from '../redis/connect';
import { parseEntry } from '../stage/log-entry';
import type { StageEvent, StageOptions, StageTuning } from '../stage/stage-options';
import { createStageWorker, type StageWorker } from '../stage/stage-worker';
import { countingProcessor, type CountingItem } from './counting';

export interface CountedEvent {
  readonly symbol: string;
  readonly timestamp: number;
  readonly close: number;
  readonly count: number;
  readonly sum: number;
}

/** A private Redis with what the tests of the protocol keep asking for. Everything opened here is closed by `close`. */
export class Fixture {
  readonly tags: readonly string[];
  readonly events: StageEvent[] = [];
  readonly #links: RedisLink[] = [];
  /** What a test that fails leaves running would keep the whole run from ending. */
  readonly #running: { stop(graceMs?: number): Promise<void> }[] = [];

  private constructor(
    private readonly settings: Partial<RedisSettings>,
    private readonly server: TestRedis | null,
    readonly partitions = 4,
  ) {
    this.tags = partitionTags(partitions);
  }

  static async open(args: readonly string[] = []): Promise<Fixture> {
    const redis = await startRedis({ args: [...args] });
    return new Fixture({ url: redis.url }, redis);
  }

  /** Over servers that the test has started and will stop. */
  static over(settings: Partial<RedisSettings>, partitions?: number): Fixture {
    return new Fixture(settings, null, partitions);
  }

  /** Our own server. */
  get redis(): TestRedis {
    if (!this.server) throw new Error('this fixture has no server of its own');
    return this.server;
  }

  link(name = 'test'): RedisLink {
    const link = connectRedis(
      { host: '', port: 0, ...this.settings },
      { name, log: (process.env['DBG'] ? console : silentLog) as typeof silentLog },
    );
    this.#links.push(link);
    return link;
  }

  worker(id: string, tuning: Partial<StageTuning> = {}, more: Partial<StageOptions<CountingItem>> = {}): StageWorker {
    const worker = createStageWorker<CountingItem>({
      link: this.link(id),
      stage: 'calculation',
      partitions: this.partitions,
      id,
      createProcessor: () => countingProcessor(),
      log: (process.env['DBG'] ? console : silentLog) as typeof silentLog,
      outKind: 'bar',
      stateVersion: 1,
      readerEnabled: () => false,
      onEvent: (event) => this.events.push(event),
      tuning: { ttlMs: 400, heartbeatMs: 50, blockMs: 20, auditEveryMs: 100, ...tuning },
      ...more,
    });
    this.#running.push(worker);
    return worker;
  }

  async producer(options: Partial<ProducerOptions> = {}): Promise<Producer> {
    const producer = createProducer({
      link: this.link('producer'),
      partitions: this.partitions,
      id: 'producer',
      log: (process.env['DBG'] ? console : silentLog) as typeof silentLog,
      ...options,
    });
    this.#running.push(producer);
    await producer.start();
    return producer;
  }

  /** All output events of all partitions, in order within each symbol. */
  async outputs(): Promise<CountedEvent[]> {
    const link = this.#links[0] ?? this.link();
    const all = await Promise.all(
      this.tags.map((tag) => link.commands.xrange(streamKey('calculation_events_stream', tag), '-', '+')),
    );
    const entries = all.flat().map(parseEntry);
    return entries.filter(({ kind }) => kind === 'bar').flatMap(({ data }) => JSON.parse(data) as CountedEvent[]);
  }

  async untilOutputs(count: number, timeoutMs = 10_000): Promise<CountedEvent[]> {
    let found: CountedEvent[] = [];
    await until(async () => (found = await this.outputs()).length >= count, { timeoutMs });
    return found;
  }

  async stage(partition: number): Promise<Record<string, string>> {
    return (this.#links[0] ?? this.link()).commands.hgetall(stageKey('calculation', this.tags[partition] as string));
  }

  async close(): Promise<void> {
    await Promise.allSettled(this.#running.map((one) => one.stop(0)));
    await Promise.all(this.#links.map((link) => link.close()));
    await this.server?.stop();
  }
}

/** What the counting stage must have said, were it one process that never died. */
export function expectedOutputs(symbols: readonly string[], bars: number): Map<string, CountedEvent[]> {
  return new Map(
    symbols.map((symbol) => {
      let sum = 0;
      const events = Array.from({ length: bars }, (_, i) => {
        const n = i + 1;
        sum += n * n;
        return { symbol, timestamp: n * 1_000, close: n, count: n, sum };
      });
      return [symbol, events];
    }),
  );
}

export function bySymbol(events: readonly CountedEvent[]): Map<string, CountedEvent[]> {
  const grouped = new Map<string, CountedEvent[]>();
  for (const { symbol, timestamp, close, count, sum } of events) {
    grouped.set(symbol, [...(grouped.get(symbol) ?? []), { symbol, timestamp, close, count, sum }]);
  }
  return grouped;
}

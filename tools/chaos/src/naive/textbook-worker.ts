import { indicatorPlanOf } from '@wagehood/config';
import { readBatch, type BarEvent, type ControlDocument } from '@wagehood/contracts';
import { createCatalog, createEngine, toValues, type IndicatorEngine } from '@wagehood/indicators';
import { connectRedis, latestKey, partitionTags, silentLog, streamKey, type RedisLink } from '@wagehood/streams';

/**
 * A worker as the textbooks have it, for comparison: one consumer group, a consumer per process, XAUTOCLAIM of what others left
 * pending, and per message: load the state, compute, save it, publish, acknowledge. It is given the same streams as our workers.
 */
const GROUP = 'textbook';
const CLAIM_EVERY_MS = 500;
const IDLE_MS = 1_000;
const READ = 10;

type Message = readonly [id: string, fields: readonly string[]];
type Reply = readonly (readonly [key: string, messages: readonly Message[]])[] | null;

export async function runTextbookWorker(url: string, partitions: number): Promise<void> {
  const link = connectRedis({ url, host: '', port: 0 }, { name: 'textbook', log: silentLog });
  await link.ready();
  const tags = partitionTags(partitions);
  const inputs = tags.map((tag) => streamKey('market_data_stream', tag));
  for (const key of inputs)
    await link.commands.call('xgroup', 'CREATE', key, GROUP, '0', 'MKSTREAM').catch(() => undefined); // another has made it
  const consumer = `worker-${process.pid}`;
  const reading = link.duplicate('blocking');
  const partitionsOf = tags.map((tag) => new TextbookPartition(link, tag));
  let claimedAt = performance.now();
  process.stdout.write(`${JSON.stringify({ level: 'INFO', message: 'ready' })}\n`);
  for (;;) {
    const words = ['GROUP', GROUP, consumer, 'COUNT', `${READ}`, 'BLOCK', '100', 'STREAMS'];
    const reply = (await reading.call('xreadgroup', ...words, ...inputs, ...inputs.map(() => '>'))) as Reply;
    for (const [key, messages] of reply ?? [])
      for (const message of messages) await partitionsOf[inputs.indexOf(key)]?.handle(message);
    if (performance.now() - claimedAt < CLAIM_EVERY_MS) continue;
    claimedAt = performance.now();
    for (const [i, key] of inputs.entries()) {
      const claimed = await link.commands.call(
        'xautoclaim',
        key,
        GROUP,
        consumer,
        `${IDLE_MS}`,
        '0',
        'COUNT',
        `${READ}`,
      );
      for (const message of (claimed as [string, Message[]])[1]) await partitionsOf[i]?.handle(message);
    }
  }
}

class TextbookPartition {
  #engine: IndicatorEngine | null = null;
  #handle = 0;

  constructor(
    private readonly link: RedisLink,
    private readonly tag: string,
  ) {}

  async handle([id, fields]: Message): Promise<void> {
    const field = (name: string): string => fields[fields.indexOf(name) + 1] ?? '';
    if (field('kind') === 'control') await this.#configure(field('data'));
    if (field('kind') === 'bar') {
      const receivedAt = Math.floor(Number(field('token')) / 1_000);
      for (const bar of readBatch(field('data')) as BarEvent[]) await this.#compute(bar, receivedAt);
    }
    await this.link.commands.call('xack', streamKey('market_data_stream', this.tag), GROUP, id);
  }

  async #configure(json: string): Promise<void> {
    await this.link.commands.hset(`textbook:{${this.tag}}`, 'settings', json);
    this.#use(json);
  }

  #use(json: string): IndicatorEngine {
    const { settings } = JSON.parse(json) as ControlDocument;
    this.#engine = createEngine(indicatorPlanOf(settings, createCatalog()));
    this.#handle = this.#engine.add();
    return this.#engine;
  }

  async #compute(bar: BarEvent, receivedAt: number): Promise<void> {
    const { commands } = this.link;
    const own = `textbook:{${this.tag}}`;
    const engine = this.#engine ?? this.#use((await commands.hget(own, 'settings')) ?? '{}');
    const series = `${bar.symbol}|${bar.timeframe}`;
    const state = await commands.hgetBuffer(own, series);
    if (!state) {
      engine.remove(this.#handle);
      this.#handle = engine.add();
    } else engine.load(this.#handle, state);
    const values = new Float64Array(engine.plan.columns.length);
    const { timestamp: openTime, open, high, low, close, volume } = bar;
    engine.step(this.#handle, { openTime, open, high, low, close, volume }, values);
    const event = { ...bar, receivedAt, values: toValues(engine.plan, values) };
    await commands.hset(own, series, Buffer.from(engine.save(this.#handle)));
    await commands.hset(latestKey(this.tag), series, JSON.stringify(event));
    const entry = ['kind', 'bar', 'data', JSON.stringify([event]), 'token', String(receivedAt * 1_000), 'bars', '1'];
    await commands.call('xadd', streamKey('calculation_events_stream', this.tag), '*', ...entry);
  }
}

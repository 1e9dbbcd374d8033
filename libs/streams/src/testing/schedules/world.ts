import type { BarEvent, ControlDocument } from '@wagehood/contracts';
import { lastKey, stageKey, stateKey, streamKey } from '../../layout/keys';
import { silentLog } from '../../log';
import { PartitionLog } from '../../producer/partition-log';
import { defaultProducerTuning } from '../../producer/producer';
import { acquire } from '../../protocol/scripts';
import type { RedisClient } from '../../redis/connect';
import { PartitionRunner } from '../../stage/partition-runner';
import { parseEntry, type LogEntry } from '../../stage/log-entry';
import { readStandings, type PartitionStanding } from '../../stage/partition-store';
import { defaultTuning, type StageEvent, type StageTuning } from '../../stage/stage-options';
import { numberedBar, revisedBar } from '../bars';
import { countingProcessor, type CountingItem } from '../counting';
import { FaultyLink, type Fault } from './faulty-link';
import { dumpKeys, restoreKeys, type Keyspace } from './keyspace';

export const TAG = 'p0';
const GROUP = 'calculation';
const INPUT = streamKey('market_data_stream', TAG);
const KEYS = [
  stageKey('calculation', TAG),
  INPUT,
  lastKey(TAG),
  streamKey('calculation_events_stream', TAG),
  stateKey('calculation', TAG),
];
const DUMPS_KEPT = 4;

type Runner = PartitionRunner<CountingItem>;
type Tuning = { -readonly [K in keyof StageTuning]: StageTuning[K] };

/** A process of the stage: the partition as it sees it, whether or not it is still the owner. */
interface Process {
  readonly id: string;
  readonly faulty: FaultyLink;
  readonly tuning: Tuning;
  runner: Runner | null;
  /** What it is in the middle of while its commit is held. */
  pending: Promise<void>;
}

/** One partition, one producer and three processes that believe in turn, or at once, that they own it. Nothing runs by itself. */
export class World {
  readonly events: StageEvent[] = [];
  /** Bars per symbol that the producer was told are in the log. */
  readonly accepted = new Map<string, number>();
  /** The newest revision of every bar that was corrected, by symbol and number. */
  readonly corrected = new Map<string, Map<number, number>>();
  readonly processes: readonly Process[];
  #version = 1;
  readonly #producer: PartitionLog;
  readonly #producerLink: FaultyLink;
  /** Every entry that is or was in the input, by offset: owners trim what they need no more. */
  #input = new Map<number, LogEntry>();
  #dumps: { readonly keys: Keyspace; readonly input: ReadonlyMap<number, LogEntry> }[] = [];

  constructor(
    private readonly client: RedisClient,
    retainBars: number,
  ) {
    this.processes = ['a', 'b', 'c'].map((id) => ({
      id,
      faulty: new FaultyLink(client),
      tuning: {
        ...defaultTuning,
        snapshotEveryMs: Infinity,
        snapshotWithinMs: 0,
        snapshotEveryEntries: Infinity,
        snapshotEveryBars: Infinity,
        latestEveryMs: Infinity,
        latestWithinMs: 0,
        retainBars,
        retainBytes: Infinity,
      },
      runner: null,
      pending: Promise.resolve(),
    }));
    this.#producerLink = new FaultyLink(client);
    const tuning = { ...defaultProducerTuning, limitBars: 1e9, lingerMs: 0, maxLingerMs: 0 };
    this.#producer = new PartitionLog(this.#producerLink.link, 0, TAG, tuning, silentLog, { isFull: () => false });
  }

  /** Processes that have a runner and nothing in flight. */
  get idle(): Process[] {
    return this.processes.filter(({ runner, faulty }) => runner?.readable && !faulty.holds);
  }

  async append(symbols: readonly string[], sentTwice: boolean): Promise<void> {
    this.#producerLink.fault = sentTwice ? 'twice' : 'none';
    for (const symbol of symbols) {
      const n = (this.accepted.get(symbol) ?? 0) + 1;
      this.accepted.set(symbol, n);
      this.#producer.add(numberedBar(symbol, n));
    }
    await this.#producer.drained();
    await this.#noteInput();
  }

  /** Another configuration enters the log. */
  async configure(): Promise<void> {
    this.#version++;
    await this.#appendControl();
    await this.#noteInput();
  }

  /**
   * The provider's past of a symbol is on its way into the log, while `meanwhile` bars of it go before. It may end `ahead` bars
   * after what has been offered so far, or before it.
   */
  async warm(symbol: string, meanwhile: number, ahead: number, sentTwice: boolean): Promise<void> {
    const offered = this.accepted.get(symbol) ?? 0;
    const bars = this.#history(symbol, Math.max(1, offered + ahead));
    await this.#appendControl(); // a failover may have taken it
    const last = offered + meanwhile;
    for (let n = offered + 1; n <= last; n++) this.#producer.add(numberedBar(symbol, n));
    this.accepted.set(symbol, last);
    this.#producerLink.fault = sentTwice ? 'twice' : 'none';
    await this.#producer.addWarmup({ symbol, timeframe: '1s', version: this.#version, need: 1, bars });
    await this.#producer.drained();
    await this.#noteInput();
  }

  /**
   * The provider corrects the bar that lies `back` bars behind the newest, or says again what it has said of it before (`again`);
   * the correction is on its way into the log while `meanwhile` bars go before.
   */
  async correct(symbol: string, back: number, meanwhile: number, again: boolean, sentTwice: boolean): Promise<void> {
    const offered = this.accepted.get(symbol) ?? 0;
    if (offered === 0) return;
    const n = Math.max(1, offered - back);
    const known = this.corrected.get(symbol)?.get(n) ?? 0;
    const revision = again ? Math.max(1, known - 1) : known + 1;
    const bars = this.#history(symbol, offered).with(n - 1, revisedBar(symbol, n, revision));
    const last = offered + meanwhile;
    for (let next = offered + 1; next <= last; next++) this.#producer.add(numberedBar(symbol, next));
    this.accepted.set(symbol, last);
    this.#note(symbol, n, Math.max(known, revision));
    await this.#correct(symbol, n, revision, bars, sentTwice);
  }

  /** What a failover took is said again. */
  async correctAgain(): Promise<void> {
    for (const [symbol, revisions] of this.corrected)
      for (const [n, revision] of revisions)
        await this.#correct(symbol, n, revision, this.#history(symbol, this.accepted.get(symbol) ?? 0), false);
  }

  async #correct(symbol: string, n: number, revision: number, bars: BarEvent[], sentTwice: boolean): Promise<void> {
    const revisions = [{ timestamp: n * 1_000, revision }];
    this.#producerLink.fault = sentTwice ? 'twice' : 'none';
    await this.#producer.addCorrection({ symbol, timeframe: '1s', need: 0, revisions, bars });
    await this.#producer.drained();
    await this.#noteInput();
  }

  #note(symbol: string, n: number, revision: number): void {
    this.corrected.set(symbol, (this.corrected.get(symbol) ?? new Map<number, number>()).set(n, revision));
  }

  /** What the provider has of the past, as it knows it now. */
  #history(symbol: string, last: number): BarEvent[] {
    return Array.from({ length: last }, (_, i) => {
      const revision = this.corrected.get(symbol)?.get(i + 1);
      return revision === undefined ? numberedBar(symbol, i + 1) : revisedBar(symbol, i + 1, revision);
    });
  }

  async #appendControl(): Promise<void> {
    const document = { version: this.#version, settings: {}, updatedAt: 1, updatedBy: 'schedule' };
    await this.#producer.addControl(document as unknown as ControlDocument);
  }

  async #noteInput(): Promise<void> {
    for (const raw of await this.client.xrange(INPUT, '-', '+')) {
      const entry = parseEntry(raw);
      this.#input.set(entry.offset, entry);
    }
  }

  /** Reads up to `count` entries for a process, folds and commits them, with what befalls the commit. */
  async work(process: Process, count: number, fault: Fault): Promise<number> {
    const entries = await this.read(count);
    if (entries.length > 0) await this.#under(process, fault, (runner) => runner.handle(entries));
    return entries.length;
  }

  /** A commit that saves up to `cells` cells and advances nothing. */
  async save(process: Process, cells: number, fault: Fault): Promise<void> {
    process.tuning.statesPerCommit = cells;
    process.tuning.snapshotEveryMs = 0;
    await this.#under(process, fault, (runner) => runner.tick(performance.now(), 'quiet'));
    process.tuning.snapshotEveryMs = Infinity;
  }

  /** What the group delivers next, whoever asks. */
  async read(count: number): Promise<LogEntry[]> {
    const args = ['GROUP', GROUP, 'owner', 'COUNT', `${count}`, 'STREAMS', INPUT, '>'];
    const reply = await (
      this.client.call('xreadgroup', ...args) as Promise<[string, [string, string[]][]][] | null>
    ).catch(
      () => null, // the group is gone: nobody has taken the partition yet
    );
    return (reply ?? []).flatMap(([, entries]) => entries.map(parseEntry));
  }

  /** A process takes the partition, whoever has it. The former owner does not know. */
  async takeOver(process: Process): Promise<void> {
    await this.letGo(process); // one connection: what it had sent before arrives before
    process.runner = null;
    const { epoch } = await this.standing();
    const args = [process.id, epoch, GROUP, 1, '#', 0];
    const reply = await acquire.run(process.faulty.link.commands, KEYS, args);
    if (reply.status !== 'OK') throw new Error(`takeover answered ${reply.status}`);
    const { link } = process.faulty;
    process.runner = new PartitionRunner<CountingItem>(
      {
        link,
        stage: 'calculation',
        partitions: 1,
        id: process.id,
        createProcessor: () => countingProcessor(),
        log: silentLog,
        outKind: 'bar',
        stateVersion: 1,
        readerEnabled: () => false,
        onEvent: (event) => this.events.push(event),
      },
      process.tuning,
      0,
      TAG,
      GROUP,
      reply,
    );
    await process.runner.load();
  }

  /** The commit that a process has under way arrives at last. */
  async letGo(process: Process): Promise<void> {
    await process.faulty.letGo();
    await process.pending;
  }

  async release(process: Process): Promise<void> {
    await process.runner?.release();
    process.runner = null;
  }

  /** Everybody looks twice at where Redis says that the partition stands. */
  async audit(): Promise<void> {
    for (let look = 0; look < 2; look++) {
      const standing = await this.standing();
      for (const { runner, faulty } of this.processes) if (!faulty.holds) await runner?.audit(standing);
    }
  }

  async dump(): Promise<void> {
    const input = new Map(this.#input);
    this.#dumps = [...this.#dumps, { keys: await dumpKeys(this.client, TAG), input }].slice(-DUMPS_KEPT);
  }

  /** Back to the n-th newest dump; what was dumped later has never been. */
  async rollBack(n: number): Promise<void> {
    const at = this.#dumps.length - 1 - (n % Math.max(1, this.#dumps.length));
    const earlier = this.#dumps[at];
    if (!earlier) return;
    this.#dumps.length = at + 1;
    this.#input = new Map(earlier.input);
    await restoreKeys(this.client, TAG, earlier.keys);
  }

  /** The input that survived, trimmed entries included. */
  get input(): LogEntry[] {
    return [...this.#input.values()];
  }

  async standing(): Promise<PartitionStanding> {
    const [standing] = await readStandings(this.client, 'calculation', [TAG]);
    return standing as PartitionStanding;
  }

  async close(): Promise<void> {
    await this.#producer.close(0);
  }

  /** Runs work under a fault. A process that dies of it is gone; one whose commit is held goes on when it is let go. */
  async #under(process: Process, fault: Fault, work: (runner: Runner) => Promise<void> | null): Promise<void> {
    const { runner, faulty } = process;
    if (!runner) return;
    faulty.fault = fault;
    const done = work(runner) ?? Promise.resolve();
    const answered = await Promise.race([done.then(() => true), settledFault(faulty, fault)]);
    if (answered) faulty.fault = 'none';
    else if (faulty.holds) process.pending = done;
    else {
      runner.abandon();
      process.runner = null;
    }
  }
}

/** Resolves (to false) once a fault that keeps its caller waiting has happened; never for those that do not. */
async function settledFault(faulty: FaultyLink, fault: Fault): Promise<boolean> {
  if (fault === 'none' || fault === 'twice') return new Promise(() => undefined);
  while (faulty.fault !== 'none') await new Promise(setImmediate);
  return false;
}

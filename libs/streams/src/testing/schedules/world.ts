import { lastKey, stageKey, stateKey, streamKey } from '../../layout/keys';
import { silentLog } from '../../log';
import { acquire } from '../../protocol/scripts';
import type { RedisClient } from '../../redis/connect';
import { PartitionRunner } from '../../stage/partition-runner';
import { parseEntry, type LogEntry } from '../../stage/log-entry';
import { readStandings, type PartitionStanding } from '../../stage/partition-store';
import { defaultTuning, type StageEvent, type StageTuning } from '../../stage/stage-options';
import { countingProcessor, type CountingItem } from '../counting';
import { FaultyLink, type Fault } from './faulty-link';
import { dumpKeys, restoreKeys, type Keyspace } from './keyspace';
import { Provider, TAG } from './provider';

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

/** One partition, one provider and three processes that believe in turn, or at once, that they own it. Nothing runs by itself. */
export class World {
  readonly events: StageEvent[] = [];
  readonly provider: Provider;
  readonly processes: readonly Process[];
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
    this.provider = new Provider(client, () => this.#noteInput());
  }

  /** Processes that have a runner and nothing in flight. */
  get idle(): Process[] {
    return this.processes.filter(({ runner, faulty }) => runner?.readable && !faulty.holds);
  }

  /** What made an owner halt. */
  get halted(): StageEvent | undefined {
    return this.events.find(({ type }) => type === 'halted');
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
    await this.provider.close();
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

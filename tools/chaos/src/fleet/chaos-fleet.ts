import { PARTITIONS, evenSymbols, openSettings, startSystem, Witness, atRest, moreCommitted } from '@wagehood/fleet';
import type { Servers, ServiceName, ServiceProcess, System, Verified, WitnessOptions } from '@wagehood/fleet';
import type { SettingsInput } from '@wagehood/config';
import { partitionTags, type StageName } from '@wagehood/streams';
import { until } from '@wagehood/testing';
import type { ChaosContext } from '../scenario';
import { expectClean } from './hygiene';
import { Meter } from './meter';
import { stageOf, untilFair } from './ownership';
import { writeLogs } from './write-logs';

/** A Redis of another kind than one server: a cluster, sentinels, or one behind a bad network. */
export interface Backend extends Servers {
  stop(): Promise<unknown>;
}

export interface FleetPlan {
  /** How many processes of each kind. */
  readonly services: Partial<Record<ServiceName, number>>;
  /** Added to the settings of 2 000 symbols. */
  readonly settings?: Partial<SettingsInput>;
  readonly redisArgs?: readonly string[];
  /** Default 16. */
  readonly partitions?: number;
  /** In place of one server; ended with the fleet. */
  readonly backend?: Backend;
  /** Redis may lose what has been witnessed already: look at it at rest alone. */
  readonly losesWrites?: boolean;
  /** Hears of every entry that was found to be right. */
  readonly onEntry?: WitnessOptions['onEntry'];
  /** Added to the environment of a kind of process. */
  readonly environment?: Partial<Record<ServiceName, Readonly<Record<string, string>>>>;
}

/** Bars of history before the first live one. A stream keeps some megabytes: more would be trimmed before we have looked. */
const HISTORY_BARS = 30;
/** Series of which every stored row of history is compared. */
const SERIES_LOOKED_AT = 64;
const LOOK_EVERY_MS = 1_000;
/** Patience for a machine that has other things to do as well. */
const [CALM_TIMEOUT_MS, FLOW_TIMEOUT_MS] = [300_000, 300_000];

/** Real services over a real Redis with bars for thousands of symbols flowing through, and a witness who looks on. */
export class ChaosFleet {
  readonly meter = new Meter();
  /** Everything that was ever started. */
  readonly crew: ServiceProcess[] = [];
  readonly #witness: Witness;
  #following: Promise<void> = Promise.resolve();
  #timer: NodeJS.Timeout | undefined;
  #violation: unknown = null;

  private constructor(
    private readonly context: ChaosContext,
    private readonly plan: FleetPlan,
    readonly system: System,
    private readonly symbols: readonly string[],
  ) {
    const lookedAt = new Set(symbols.filter((_, i) => i % Math.ceil(symbols.length / SERIES_LOOKED_AT) === 0));
    const keepsRows = (series: string) => lookedAt.has(series.slice(0, series.indexOf('|')));
    const onEntry: typeof this.meter.onEntry = (...entry) => {
      this.meter.onEntry(...entry);
      plan.onEntry?.(...entry);
    };
    this.#witness = new Witness(system, { keepsRows, onEntry });
  }

  static async start(context: ChaosContext, plan: FleetPlan): Promise<ChaosFleet> {
    const { partitions = PARTITIONS } = plan;
    const symbols = evenSymbols(Math.ceil((context.load.symbolsEach * PARTITIONS) / partitions), partitions);
    const settings = { ...openSettings(symbols, { enable_alerts: 'alerting' in plan.services }), ...plan.settings };
    const redisArgs = ['--auto-aof-rewrite-percentage', '0', ...(plan.redisArgs ?? [])];
    const servers = plan.backend;
    const system = await startSystem({ settings, redisArgs, partitions, ...(servers && { servers }) });
    const fleet = new ChaosFleet(context, plan, system, symbols);
    try {
      for (const [name, count] of Object.entries(plan.services) as [ServiceName, number][])
        for (let i = 0; i < count; i++) fleet.launch(name);
      if (!plan.losesWrites) fleet.#follow();
      await fleet.calm();
      await fleet.flow(HISTORY_BARS + 2);
      context.say(`${symbols.length} symbols, ${fleet.crew.length} processes, bars are flowing`);
      return fleet;
    } catch (error) {
      await fleet.stop();
      throw error;
    }
  }

  /** Starts one more process of a kind; does not wait for it. */
  launch(name: ServiceName, environment: Readonly<Record<string, string>> = {}): ServiceProcess {
    const own = name === 'ingestion' ? this.#feed : {};
    const service = this.system.start(name, { ...own, ...this.plan.environment?.[name], ...environment });
    this.crew.push(service);
    return service;
  }

  running(name: ServiceName): readonly ServiceProcess[] {
    return this.system.running(name);
  }

  /** One of the running processes of these kinds. */
  pick(...names: readonly ServiceName[]): ServiceProcess {
    return this.context.random.pick(names.flatMap((name) => this.running(name)));
  }

  /** Waits until everybody is ready and shares are fair. */
  async calm(): Promise<void> {
    let unready: string[] = [];
    const allReady = async () => {
      unready = (await Promise.all(this.system.all().map(complaintOf))).flat();
      return unready.length === 0;
    };
    await until(allReady, { timeoutMs: CALM_TIMEOUT_MS, everyMs: 25, what: 'everybody ready' }).catch(
      (error: Error) => {
        throw new Error([error.message, ...unready].join('\n'), { cause: error });
      },
    );
    for (const name of Object.keys(stageOf) as ServiceName[])
      if (this.running(name).length > 0) await untilFair(this.system, name);
  }

  /** Lets so many bars per symbol pass through every stage. */
  flow(barsPerSymbol = 1): Promise<void> {
    const bars = barsPerSymbol * this.symbols.length;
    return moreCommitted(this.system, bars, this.#lastStage, FLOW_TIMEOUT_MS);
  }

  /** The slots of a cluster in which the partitions are. */
  async slots(): Promise<number[]> {
    const { link, partitions } = this.system;
    const slots = partitionTags(partitions).map((tag) => link.commands.cluster('KEYSLOT', `{${tag}}`));
    return (await Promise.all(slots)).map(Number);
  }

  /** Looks now: what the meter says is then up to date. */
  async look(): Promise<void> {
    await this.#following;
    if (this.#violation) throw this.#violation;
    await this.#witness.look();
  }

  /** Stops the feed, lets everything come to rest and verifies all of it. */
  async verify(): Promise<Verified> {
    await Promise.all(this.running('ingestion').map((ingestion) => ingestion.terminate()));
    await this.calm();
    await atRest(this.system, CALM_TIMEOUT_MS, this.#stages);
    await this.look();
    const verified = await this.#witness.conclude(100);
    await expectClean(this.system, this.#stages);
    return verified;
  }

  /** Starts the feed again after `verify` and waits until bars flow. */
  async resume(): Promise<void> {
    for (let i = 0; i < (this.plan.services.ingestion ?? 0); i++) this.launch('ingestion');
    await this.calm();
    await this.flow();
  }

  async stop(): Promise<void> {
    clearTimeout(this.#timer);
    await this.#following;
    await this.system.stop();
    await this.plan.backend?.stop();
    await writeLogs(this.crew);
  }

  get #feed(): Record<string, string> {
    const { seed, load } = this.context;
    return { MOCK_SEED: String(seed), MOCK_SPEED: `${load.rate}/s`, HISTORY_BARS: String(HISTORY_BARS) };
  }

  get #stages(): StageName[] {
    const names = Object.keys(this.plan.services) as ServiceName[];
    return names.flatMap((name) => stageOf[name] ?? []);
  }

  get #lastStage(): StageName {
    return this.#stages.includes('strategy') ? 'strategy' : 'calculation';
  }

  /** Looks again and again, so that streams may be trimmed behind us. The first violation is kept for whoever asks next. */
  #follow(): void {
    this.#timer = setTimeout(() => {
      this.#following = this.#witness.look().catch((error: unknown) => void (this.#violation ??= error));
      void this.#following.then(() => this.#violation ?? this.#follow());
    }, LOOK_EVERY_MS);
  }
}

/** Why a service is not ready; nothing when it is. */
async function complaintOf(service: ServiceProcess): Promise<string[]> {
  const { status, text } = await service
    .probe('/readyz')
    .catch((error: unknown) => ({ status: 0, text: String(error) }));
  return status === 200 ? [] : [`${service.name} ${service.pid}: ${text}`];
}

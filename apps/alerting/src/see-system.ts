import type { Observation, PartitionStanding, StageName } from '@wagehood/streams';

/** The whole system at one moment, as far as it can be seen from here. */
export interface SystemView {
  /** Live processes of ingestion. */
  readonly producers: number;
  readonly stages: readonly {
    readonly name: StageName;
    readonly members: readonly string[];
    /** In order of the partitions. */
    readonly standings: readonly Pick<PartitionStanding, 'owner' | 'off' | 'tail'>[];
  }[];
  /** Share of Redis' memory in use, 0 to 1. */
  readonly memoryUse: number;
  /** Channels whose breaker is open in this process. */
  readonly openChannels: readonly string[];
  /** Error of the newest dead letter of this process since the last look. */
  readonly letter: string | null;
}

/** Partitions move at once when a process dies (2 s) or leaves; nobody for so long is no such move. */
const UNOWNED_MS = 10_000;
const STUCK_MS = 60_000;
/** Ingestion stops at 0.85. */
const MUCH_MEMORY = 0.75;

/** Watches for what is not as it should be; `look` is called with a view every few seconds. */
export interface SystemEyes {
  look(view: SystemView, nowMs: number): readonly Observation[];
  /** Nothing could be seen: what was being watched is watched anew. */
  blink(): void;
}

export function createSystemEyes(unownedMs = UNOWNED_MS): SystemEyes {
  /** What is watched → since when (ms) it is as it is now. */
  const since = new Map<string, { readonly state: string; readonly atMs: number }>();

  const lastsFor = (what: string, state: string, nowMs: number): number => {
    const known = since.get(what);
    if (known?.state === state) return nowMs - known.atMs;
    since.set(what, { state, atMs: nowMs });
    return 0;
  };
  const unowned = ({ producers, stages }: SystemView, nowMs: number): Observation[] => {
    const none = lastsFor('ingestion', producers === 0 ? 'nobody' : 'alive', nowMs);
    const told: Observation[] =
      producers === 0 && none >= unownedMs
        ? [{ code: 'stage_unowned', subject: 'ingestion', detail: 'no live process of ingestion: no bars come in' }]
        : [];
    for (const { name, members, standings } of stages) {
      const orphans = standings.flatMap(({ owner }, i) => {
        const state = members.includes(owner) ? owner : 'nobody';
        return lastsFor(`${name} ${i} owner`, state, nowMs) >= unownedMs && state === 'nobody' ? [i] : [];
      });
      const detail = `${orphans.length} of ${standings.length} partitions of ${name} have no live owner: ${listed(orphans)}`;
      if (orphans.length > 0) told.push({ code: 'stage_unowned', subject: name, detail });
    }
    return told;
  };
  const stuck = ({ stages }: SystemView, nowMs: number): Observation[] =>
    stages.flatMap(({ name, members, standings }) => {
      const still = standings.flatMap(({ owner, off, tail }, i) => {
        const state = tail > off && members.includes(owner) ? `waits at ${off}` : 'moves';
        return lastsFor(`${name} ${i} offset`, state, nowMs) >= STUCK_MS && state !== 'moves' ? [i] : [];
      });
      const detail = `input waits and nothing moves in ${still.length} partitions of ${name}: ${listed(still)}`;
      return still.length > 0 ? [{ code: 'partition_stuck' as const, subject: name, detail }] : [];
    });

  return {
    look(view, nowMs) {
      const { memoryUse, openChannels, letter } = view;
      return [
        ...unowned(view, nowMs),
        ...stuck(view, nowMs),
        ...(memoryUse >= MUCH_MEMORY ? [fullness(memoryUse)] : []),
        ...openChannels.map(brokenChannel),
        ...(letter === null ? [] : [ownLetter(letter)]),
      ];
    },
    blink: () => since.clear(),
  };
}

const listed = (partitions: readonly number[]): string =>
  `${partitions.slice(0, 16).join(', ')}${partitions.length > 16 ? ' …' : ''}`;

const fullness = (use: number): Observation => ({
  code: 'redis_memory',
  subject: 'redis',
  detail: `Redis uses ${Math.round(use * 100)} % of its memory; ingestion stops at 85 %`,
});

const brokenChannel = (channel: string): Observation => ({
  code: 'channel_breaker_open',
  subject: channel,
  detail: `channel ${channel} fails too often; its deliveries wait`,
});

const ownLetter = (error: string): Observation => ({
  code: 'dead_letter',
  subject: 'alerting',
  detail: `alerting put an entry aside: ${error.slice(0, 200)}`,
});

import { membersKey } from '../layout/keys';
import type { StreamsLog } from '../log';
import { heartbeat, leave } from '../protocol/scripts';
import type { RedisLink } from '../redis/connect';

export interface MembershipOptions {
  readonly link: RedisLink;
  /** Members of one stage share its partitions; `ingestion` is one too. */
  readonly stage: string;
  readonly id: string;
  readonly ttlMs: number;
  readonly heartbeatMs: number;
  readonly log: StreamsLog;
  /** Called after each heartbeat with the live members; not while the assignment is frozen. */
  readonly onLive: (live: readonly string[]) => void;
  readonly now?: () => number;
}

/** Who is alive in a stage, by the server's clock, seen through this process' own heartbeats. */
export interface Membership {
  readonly id: string;
  start(): Promise<void>;
  /** Wants nothing any more, so that nobody has to wait for the deadline, but keeps for a TTL what it has not let go of. */
  leave(): Promise<void>;
  /** Is gone: whatever it still has may be taken. */
  stop(): Promise<void>;
  live(): readonly string[];
  /** ms since our own last heartbeat that Redis answered; 0 before the first. */
  heartbeatAgeMs(): number;
  /**
   * How long a member has been silent, as far as we were watching, ms: 0 while it is live, leaving, or nothing can be said about it. Who
   * drops out of those has been silent for a TTL already, or is gone.
   */
  absentForMs(member: string): number;
}

/**
 * Heartbeats on a timer of their own, never behind other work. When the members were lost (a failover, a human), the
 * assignment stays frozen for one TTL, until everyone has had time to say that they are there.
 */
export function createMembership(options: MembershipOptions): Membership {
  const { link, stage, id, ttlMs, heartbeatMs, log, onLive } = options;
  const now = options.now ?? (() => performance.now());
  const key = membersKey(stage);
  const lastSeen = new Map<string, number>();
  let live: readonly string[] = [];
  let leaving: readonly string[] = [];
  let watchingSince = Number.POSITIVE_INFINITY;
  let frozenUntil = 0;
  let beats = 0;
  let timer: NodeJS.Timeout | undefined;
  let inFlight: Promise<void> = Promise.resolve();
  let stopped = false;

  const beat = async (): Promise<void> => {
    try {
      const reply = await heartbeat.run(link.commands, [key], [id, ttlMs]);
      const at = now();
      if (!reply.known && beats > 0) {
        frozenUntil = at + ttlMs;
        watchingSince = at;
        log.warn('membership was lost; the assignment is frozen until everyone has reported', { stage });
      }
      if (beats++ === 0) watchingSince = at;
      ({ live, leaving } = reply);
      for (const member of [...live, ...leaving]) lastSeen.set(member, at);
      if (at >= frozenUntil && !stopped) onLive(live);
    } catch (error) {
      // Nothing can be said about the others while Redis is away: the clock of absence starts anew.
      watchingSince = now();
      log.debug('heartbeat failed', { stage, error: String(error) });
    }
  };

  const loop = (): void => {
    inFlight = beat().finally(() => {
      if (!stopped) timer = setTimeout(loop, heartbeatMs);
    });
  };

  const silence = async (): Promise<void> => {
    stopped = true;
    clearTimeout(timer);
    await inFlight;
  };
  const complain = (error: unknown): void => log.debug('leaving failed', { stage, error: String(error) });

  return {
    id,
    async start() {
      loop();
      await inFlight;
    },
    async leave() {
      await silence();
      await leave.run(link.commands, [key], [id, ttlMs]).catch(complain);
    },
    async stop() {
      await silence();
      await link.commands.zrem(key, id).catch(complain);
    },
    live: () => live,
    heartbeatAgeMs: () => (beats === 0 ? 0 : now() - (lastSeen.get(id) ?? now())),
    absentForMs: (member) =>
      live.includes(member) || leaving.includes(member)
        ? 0
        : Math.max(0, now() - Math.max(watchingSince, (lastSeen.get(member) ?? 0) - ttlMs)),
  };
}

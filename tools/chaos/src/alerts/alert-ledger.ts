import { createHash } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import type { Alert, Signal } from '@wagehood/contracts';
import { until } from '@wagehood/testing';
import { partitionTags, streamKey, type LogEntry, type RedisLink, type StreamName } from '@wagehood/streams';

/** A rule that every live signal matches, or those of one side. */
export interface LedgerRule {
  readonly name: string;
  readonly channels: readonly string[];
  readonly side?: Signal['side'];
}

const QUEUE = '{alerting}:deliveries';
const COUNT_EVERY_MS = 250;
const SETTLED = { timeoutMs: 120_000, what: 'every alert delivered' };

/** Keeps count of the alerts that there must be, from the signals alone, and holds stream and queue against it. */
export class AlertLedger {
  signals = 0;
  readonly #due = new Set<string>();
  readonly #added = new Map<string, number>();
  #eventId = '-';

  constructor(private readonly rules: readonly LedgerRule[]) {}

  readonly onEntry = (stream: StreamName, _partition: number, { kind, data }: LogEntry): void => {
    if (stream !== 'signal_stream' || kind !== 'signal') return;
    for (const { id, side, backfilled } of JSON.parse(data) as Signal[]) {
      if (backfilled) continue;
      this.signals++;
      for (const rule of this.rules.filter((one) => (one.side ?? side) === side))
        for (const channel of rule.channels) this.#due.add(alertId(id, rule.name, channel));
    }
  };

  /** Counts until it is stopped: the queue tells each addition once, and forgets its oldest tellings. */
  follow(link: RedisLink): () => Promise<void> {
    const stopped = new AbortController();
    const following = (async () => {
      while (!stopped.signal.aborted) {
        await this.#countAdditions(link);
        await delay(COUNT_EVERY_MS, undefined, { signal: stopped.signal }).catch(() => undefined);
      }
    })();
    following.catch(() => undefined); // whoever stops it hears of it
    return () => {
      stopped.abort();
      return following;
    };
  }

  /** Counts the jobs that were added to the queue since the last call. */
  async #countAdditions({ commands }: RedisLink): Promise<void> {
    for (const [id, fields] of await commands.xrange(`${QUEUE}:events`, this.#eventId, '+')) {
      this.#eventId = `(${id}`;
      const field = (name: string): string => fields[fields.indexOf(name) + 1] ?? '';
      if (field('event') === 'added') this.#added.set(field('jobId'), (this.#added.get(field('jobId')) ?? 0) + 1);
    }
  }

  /** To be called while it follows. @throws Error unless there is exactly one job, one alert and one told delivery per signal, rule and channel */
  async expectExact(link: RedisLink, partitions: number): Promise<number> {
    // Alerting may be behind by now; what is still missing when it has had its time is named below.
    await until(() => this.#added.size >= this.#due.size, SETTLED).catch(() => undefined);
    const twice = [...this.#added].filter(([, times]) => times > 1);
    if (twice[0]) throw new Error(`${twice.length} jobs were added twice, the first: ${twice[0].join(', ')} times`);
    expectSame('jobs', [...this.#added.keys()], this.#due);
    // The delivery of a killed process is taken up by another one when its lock has run out.
    await until(async () => (await told(link, partitions, 'delivered')).length >= this.#due.size, SETTLED);
    expectSame('alerts', await told(link, partitions, 'pending'), this.#due);
    expectSame('deliveries', await told(link, partitions, 'delivered'), this.#due);
    return this.#due.size;
  }
}

/** Ids of the alerts that the stream has told to be so, as often as it has. */
async function told({ commands }: RedisLink, partitions: number, status: Alert['status']): Promise<string[]> {
  const entries = await Promise.all(
    partitionTags(partitions).map((tag) => commands.xrange(streamKey('alert_stream', tag), '-', '+')),
  );
  const alerts = entries.flat().flatMap(([, [, kind, , data]]) => {
    return kind === 'alert' ? (JSON.parse(data ?? '[]') as Alert[]) : [];
  });
  return alerts.filter((alert) => alert.status === status).map(({ id }) => id);
}

function expectSame(what: string, actual: readonly string[], due: ReadonlySet<string>): void {
  const present = new Set(actual);
  if (present.size !== actual.length) throw new Error(`${actual.length - present.size} ${what} came twice`);
  const missing = [...due].filter((id) => !present.has(id));
  if (missing[0]) throw new Error(`${missing.length} of ${due.size} ${what} are missing, the first is ${missing[0]}`);
  const idle = actual.filter((id) => !due.has(id));
  if (idle[0]) throw new Error(`${idle.length} ${what} have no cause, the first is ${idle[0]}`);
}

/** As it is documented: the signal's id and a hash of rule and channel. */
const alertId = (signal: string, rule: string, channel: string): string =>
  `${signal}-${createHash('sha256').update(`${rule}\n${channel}`).digest('hex').slice(0, 12)}`;

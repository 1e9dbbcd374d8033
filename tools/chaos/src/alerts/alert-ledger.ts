import { createHash } from 'node:crypto';
import type { Alert, Signal } from '@wagehood/contracts';
import { partitionTags, streamKey, type LogEntry, type RedisLink, type StreamName } from '@wagehood/streams';

/** A rule that every live signal matches, or those of one side. */
export interface LedgerRule {
  readonly name: string;
  readonly channels: readonly string[];
  readonly side?: Signal['side'];
}

const QUEUE = '{alerting}:deliveries';

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

  /** Counts the jobs that were added to the queue since the last call: the queue tells each addition once. */
  async countAdditions({ commands }: RedisLink): Promise<void> {
    for (const [id, fields] of await commands.xrange(`${QUEUE}:events`, this.#eventId, '+')) {
      this.#eventId = `(${id}`;
      const field = (name: string): string => fields[fields.indexOf(name) + 1] ?? '';
      if (field('event') === 'added') this.#added.set(field('jobId'), (this.#added.get(field('jobId')) ?? 0) + 1);
    }
  }

  /** @throws Error unless there is exactly one job and one alert per signal, rule and channel */
  async expectExact(link: RedisLink, partitions: number): Promise<number> {
    await this.countAdditions(link);
    const twice = [...this.#added].filter(([, times]) => times > 1);
    if (twice[0]) throw new Error(`${twice.length} jobs were added twice, the first: ${twice[0].join(', ')} times`);
    expectSame('jobs', [...this.#added.keys()], this.#due);
    const sent: string[] = [];
    for (const tag of partitionTags(partitions)) {
      for (const [, fields] of await link.commands.xrange(streamKey('alert_stream', tag), '-', '+')) {
        if (fields[1] === 'alert') for (const { id } of JSON.parse(fields[3] ?? '[]') as Alert[]) sent.push(id);
      }
    }
    expectSame('alerts', sent, this.#due);
    return this.#due.size;
  }
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

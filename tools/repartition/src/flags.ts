import { parseArgs } from 'node:util';

export interface Flags {
  readonly to: number;
  readonly dryRun: boolean;
  readonly abort: boolean;
  /** Wins over the environment; null: REDIS_URL, REDIS_HOST … as the services read them. */
  readonly redisUrl: string | null;
}

export const USAGE = `npm run repartition -- --to N [--redis-url URL] [--dry-run | --abort]
  Changes the number of partitions of a Redis. End every service first: ingestion, then the others once they have no bars left
  to do. May be killed and run again at any moment: it goes on where it was.
  --to N           the new number, 1 … 4096; start the services with PARTITIONS=N afterwards
  --redis-url URL  redis://, rediss:// or unix:///path; default: REDIS_URL, REDIS_HOST … as the services read them
  --dry-run        look whether it could be done, and how much would move
  --abort          give up a change that was cut short before anything was replaced`;

/** @throws Error with one readable line */
export function readFlags(words: readonly string[]): Flags | 'help' {
  const { values } = parseArgs({
    args: [...words],
    options: {
      to: { type: 'string' },
      'redis-url': { type: 'string' },
      'dry-run': { type: 'boolean', default: false },
      abort: { type: 'boolean', default: false },
      help: { type: 'boolean', short: 'h', default: false },
    },
  });
  if (values.help) return 'help';
  const { to, abort, 'dry-run': dryRun, 'redis-url': redisUrl = null } = values;
  if (to === undefined && !abort) throw new Error('--to is missing: the new number of partitions');
  if (dryRun && abort) throw new Error('--dry-run and --abort exclude each other');
  const number = Number(to ?? 1);
  if (!Number.isInteger(number) || number < 1 || number > 4096) throw new Error(`--to ${to}: 1 … 4096 is expected`);
  return { to: number, dryRun, abort, redisUrl };
}

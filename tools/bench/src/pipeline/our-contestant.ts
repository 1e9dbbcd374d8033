import { firstEnd } from '../process/child';
import { until } from '../process/until';
import type { Scope } from '../process/scope';
import { startSystem } from '../system/start-system';
import { benchSymbols, SYMBOLS, WARM_UP_BARS } from '../symbols';
import type { Contestant } from './contestant';

/** For 20 000 symbols on a slow machine. */
const WARM_UP_TIMEOUT_MS = 600_000;

export interface OurOptions {
  readonly workers?: number;
  readonly symbols?: number;
  readonly partitions?: number;
  /** Folder for CPU profiles. */
  readonly profile?: string | null;
}

/** Our services, warmed up through the pipeline itself; the generator is held until `go`. */
export async function startOurs(scope: Scope, options: OurOptions = {}): Promise<Contestant> {
  const { workers = 1, symbols = SYMBOLS, partitions, profile = null } = options;
  const system = await startSystem(scope, {
    ...{ symbols: benchSymbols(symbols), workers, profile, ...(partitions === undefined ? {} : { partitions }) },
    ...{ speed: 'max', historyBars: WARM_UP_BARS, whole: false },
  });
  await until('the warm-up', WARM_UP_TIMEOUT_MS, async () => {
    return (await system.committedBars()) >= WARM_UP_BARS * symbols;
  });
  const generator = system.services.get('ingestion');
  generator?.signal('SIGSTOP');
  return {
    name: workers === 1 ? 'wagehood' : `wagehood, ${workers} workers`,
    processes: new Map([
      ['redis', system.redis.pid],
      ...[...system.services].reverse().map(([name, { pid }]) => [name, pid] as const),
    ]),
    died: firstEnd(system.services.values()),
    finishedBars: () => system.committedBars(),
    stop: () => system.stop(),
    hold: () => generator?.signal('SIGSTOP'),
    go: () => generator?.signal('SIGCONT'),
  };
}

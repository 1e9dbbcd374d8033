import { startChild, type Child } from '../process/child';
import { whileCalm, type CalmOptions } from '../process/calm';
import { cpuTimeMs } from '../process/cpu-time';
import { atMost, below } from '../report/goals';
import type { Row } from '../row';
import type { Scope } from '../process/scope';
import type { Suite } from '../suite';
import { benchSymbols, SYMBOLS, WARM_UP_BARS } from '../symbols';
import { startSystem, type System } from '../system/start-system';
import { untilLive } from '../system/until-live';
import { latencyRows, watchSignals } from './latency';
import type { LoadPlan, LoadResult } from './load';
import { memoryRows, STATE_ROW } from './memory';

const WARM_UP_TIMEOUT_MS = 60_000;
const REQUESTS_PER_SECOND = 2_000;
/** Long enough for every path to be asked once, and for the code to be compiled. */
const LOAD_WARM_UP_MS = 3_000;

/** The headline: 1 000 symbols at one bar a second through every service, and the api under load meanwhile. */
export const liveSuite = (bundle: string): Suite => ({
  name: 'live',
  title: `live: ${SYMBOLS.toLocaleString('en')} symbols at one bar a second, all services`,
  goals: new Map([
    ['live: bar → signal readable, p50', below(20)],
    ['live: bar → signal readable, p99', below(100)],
    [`live: cached api reads at ${REQUESTS_PER_SECOND.toLocaleString('en')}/s, p99`, below(10)],
    [STATE_ROW, atMost(3_072)],
  ]),
  async run(context) {
    const forMs = context.quick ? 4_000 : 30_000;
    const calm = { attempts: context.quick ? 1 : 3, say: context.say };
    const symbols = benchSymbols(SYMBOLS);
    await context.useFreeMemory();
    const system = await startSystem(context.scope, {
      ...{ symbols, workers: 1, profile: context.profile },
      ...{ speed: 'realtime', historyBars: WARM_UP_BARS, whole: true },
    });
    await untilLive(system, symbols, WARM_UP_TIMEOUT_MS);
    const { latency, cpu } = await whileCalm(async () => {
      const before = await cpuOf(system);
      const latency = await watchSignals(system, forMs);
      const after = await cpuOf(system);
      return { latency, cpu: after.map(({ name, ms }, i) => ({ name, ms: ms - (before[i]?.ms ?? 0) })) };
    }, calm);
    context.say(`${latency.read.length} live signals in ${forMs / 1_000} s`);
    const rows = [
      ...latencyRows('live: bar → signal committed', latency.committed),
      ...latencyRows('live: bar → signal readable', latency.read),
      ...latencyRows('live: end of the bar → signal readable', latency.whole),
      ...cpu.map(({ name, ms }) => ({ name: `live: CPU of ${name}`, value: ms / forMs, unit: 'cores' })),
      ...(await apiRows(system, bundle, context.scope, forMs, calm)),
      ...(await memoryRows(system.link)),
    ];
    await system.stop();
    return rows;
  },
});

/** CPU that each process has used so far; the last row is all of them. */
async function cpuOf(system: System): Promise<readonly { readonly name: string; readonly ms: number }[]> {
  const pids = new Map([...system.services].map(([name, { pid }]) => [name, pid]));
  const each = await Promise.all(
    [...pids.set('redis', system.redis.pid)].map(async ([name, pid]) => ({ name, ms: await cpuTimeMs(pid) })),
  );
  return [...each, { name: 'all', ms: each.reduce((sum, { ms }) => sum + ms, 0) }];
}

async function apiRows(system: System, bundle: string, scope: Scope, forMs: number, calm: CalmOptions): Promise<Row[]> {
  const api = system.services.get('api') as Child;
  const announced = await api.ready;
  const child = startChild({ name: 'load', script: bundle, args: ['--role', 'load'] });
  const end = scope.add(() => child.stop());
  await child.ready;
  const paths = benchSymbols(SYMBOLS).flatMap((symbol) =>
    ['indicators/SYMBOL', 'data/latest/SYMBOL', 'signals/SYMBOL?limit=10'].map(
      (resource) => `/api/v1/realtime/${resource.replace('SYMBOL', symbol)}`,
    ),
  );
  const plan = { origin: `http://127.0.0.1:${String(announced['apiPort'])}`, paths, perSecond: REQUESTS_PER_SECOND };
  const ask = (during: number): Promise<LoadResult> =>
    new Promise((resolve, reject) => {
      child.onMessage((result) => resolve(result as LoadResult));
      void child.ended.then((words) => reject(new Error(words)));
      child.send({ ...plan, forMs: during } satisfies LoadPlan);
    });
  await ask(LOAD_WARM_UP_MS);
  const { latencies, failures, cpuMs } = await whileCalm(async () => {
    const before = await cpuTimeMs(api.pid);
    const result = await ask(forMs);
    return { ...result, cpuMs: (await cpuTimeMs(api.pid)) - before };
  }, calm);
  await end();
  calm.say(`${latencies.length} requests, ${failures} not answered with 200`);
  if (failures > 0) throw new Error(`${failures} of ${latencies.length} requests were not answered with 200`);
  return [
    ...latencyRows(`live: cached api reads at ${REQUESTS_PER_SECOND.toLocaleString('en')}/s`, latencies),
    {
      name: 'live: cached api reads, CPU of the api per request',
      value: (cpuMs * 1_000) / latencies.length,
      unit: 'µs',
    },
  ];
}

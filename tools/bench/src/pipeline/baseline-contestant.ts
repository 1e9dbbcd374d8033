import { connectRedis, silentLog } from '@wagehood/streams';
import {
  CALCULATIONS,
  CALCULATION_GROUP,
  createGroup,
  EVALUATION_GROUP,
  finished,
  MARKET,
} from '../baseline/plain-streams';
import { stepNames } from '../baseline/steps';
import { firstEnd } from '../process/child';
import { startPrivateRedis } from '../process/private-redis';
import { startRole } from '../process/roles';
import type { Scope } from '../process/scope';
import { SYMBOLS } from '../symbols';
import type { Contestant } from './contestant';

/** Three processes and a Redis of their own; the generator is held until `go`. */
export async function startBaseline(scope: Scope, bundle: string, name: 'naive' | 'pipelined'): Promise<Contestant> {
  const redis = await startPrivateRedis(scope);
  const link = connectRedis({ url: redis.url, host: '', port: 0 }, { name: 'bench', log: silentLog });
  scope.add(() => link.close());
  await link.ready();
  await createGroup(link, MARKET, CALCULATION_GROUP);
  await createGroup(link, CALCULATIONS, EVALUATION_GROUP);
  const children = stepNames.map((step) =>
    startRole(scope, bundle, `${name} ${step}`, ['step', name, step, redis.url, String(SYMBOLS)]),
  );
  await Promise.all(children.map(({ ready }) => ready));
  const [generator] = children;
  generator?.signal('SIGSTOP');
  return {
    name,
    processes: new Map([['redis', redis.pid], ...stepNames.map((step, i) => [step, children[i]?.pid ?? -1] as const)]),
    died: firstEnd(children),
    finishedBars: () => finished(link, CALCULATIONS, EVALUATION_GROUP),
    async stop() {
      await Promise.all(children.map((child) => child.stop()));
      await redis.stop();
    },
    hold: () => generator?.signal('SIGSTOP'),
    go: () => generator?.signal('SIGCONT'),
  };
}

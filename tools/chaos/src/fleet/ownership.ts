import type { ServiceName, System } from '@wagehood/fleet';
import type { StageName } from '@wagehood/streams';
import { until } from '@wagehood/testing';

export const stageOf: Readonly<Partial<Record<ServiceName, StageName>>> = {
  'calculation-worker': 'calculation',
  'strategy-evaluator': 'strategy',
  alerting: 'alerting',
};

/** What is promised. */
export const FAIR_WITHIN_MS = 5_000;
/** The lease of a member, as services have it by default. */
export const TTL_MS = 2_000;
/** How long to wait for it on a machine that has no core to spare. */
const PATIENCE_MS = 300_000;

/** Waits until as many processes as run share the partitions of their stage, none with two more than another. */
export async function untilFair(system: System, service: ServiceName): Promise<void> {
  const stage = stageOf[service];
  if (!stage) return;
  await until(async () => isFair(await sharesOf(system, stage), system.running(service).length), {
    ...{ timeoutMs: PATIENCE_MS, everyMs: 20 },
    what: `a fair share of ${stage} for ${system.running(service).length} processes`,
  }).catch(async (error: Error) => {
    const shares = JSON.stringify([...(await sharesOf(system, stage))]);
    throw new Error(`${error.message}: the shares are ${shares}`, { cause: error });
  });
}

/** How long it takes after a change until shares are fair, ms. */
export async function fairAfter(
  system: System,
  services: readonly ServiceName[],
  change: () => Promise<unknown>,
): Promise<number> {
  const startedAt = performance.now();
  await change();
  for (const service of services) await untilFair(system, service);
  return performance.now() - startedAt;
}

async function sharesOf(system: System, stage: StageName): Promise<ReadonlyMap<string, number>> {
  const shares = new Map<string, number>();
  for (const { owner } of await system.reader.stageStats(stage)) shares.set(owner, (shares.get(owner) ?? 0) + 1);
  return shares;
}

const isFair = (shares: ReadonlyMap<string, number>, members: number): boolean =>
  !shares.has('') && shares.size === members && Math.max(...shares.values()) - Math.min(...shares.values()) <= 1;

import type { System } from '@wagehood/fleet';
import { partitionTags, stageLayouts, streamKey, type RedisLink, type StageName } from '@wagehood/streams';

/** Rows of history that a partition keeps for all its series together, and rows in one key. */
const [HISTORY_ROWS, ROWS_PER_CHUNK] = [200_000, 256];

/** Keys that may exist, `T` being the hash tag of a partition. Everything else has been forgotten by somebody. */
const FAMILIES = [
  /^(market_data_stream|calculation_events_stream|signal_stream|alert_stream):\{T\}(:tokens)?$/,
  /^market_data_stream:\{T\}:last$/,
  /^(calculation|strategy|alerting):\{T\}(:state|:dead-letters)?$/,
  /^latest:\{T\}$/,
  /^history:\{T\}(:alerts|:signals:[^:]+|:[^:]+\|\w+:\d+)?$/,
  /^members:\{\w+\}$/,
  /^control:\{control\}(:document)?$/,
  /^partitions$/,
  /^alerting:\{T\}:(conditions|told|undelivered|undelivered-order)$/,
  /^alert_commands:\{alerting\}$/,
  /^\{alerting\}:(deliveries:|kept)/,
  /^api:/,
];

/**
 * What must hold of a system at rest besides its results: nothing is pending, no consumer has been left behind, nothing was put
 * aside, no partition waits for a human, and there are no more keys than there is use for.
 * @throws Error that names what does not hold
 */
export async function expectClean(system: System, stages: readonly StageName[]): Promise<void> {
  for (const stage of stages) {
    await expectGroups(system, stage);
    const letters = await system.reader.deadLetters(stage, 1);
    if (letters[0]) throw new Error(`dead letter in ${stage}: ${JSON.stringify(letters[0])}`);
  }
  for (const service of system.all()) {
    const { status, text } = await service.probe('/readyz');
    if (status !== 200) throw new Error(`${service.name} is not ready: ${text}`);
  }
  await expectKeys(system);
}

async function expectGroups({ link, partitions }: System, stage: StageName): Promise<void> {
  for (const tag of partitionTags(partitions)) {
    const key = streamKey(stageLayouts[stage].input, tag);
    for (const group of (await link.commands.xinfo('GROUPS', key)) as unknown[][]) {
      const of = (name: string): unknown => group[group.indexOf(name) + 1];
      const [name, pending, consumers] = [of('name'), Number(of('pending')), Number(of('consumers'))];
      if (name !== stage || pending !== 0 || consumers > 1) {
        throw new Error(`${key}: group ${String(name)} has ${pending} pending entries and ${consumers} consumers`);
      }
    }
  }
}

async function expectKeys({ link }: System): Promise<void> {
  const chunks = new Map<string, number>();
  const series = new Map<string, number>();
  for (const key of await allKeys(link)) {
    const plain = key.replace(/\{p\d+(\.\w+)?\}/, '{T}');
    if (!FAMILIES.some((family) => family.test(plain))) throw new Error(`nobody knows the key ${key}`);
    const [, name, tag] = /^(history:(\{.+\}):.+\|\w+):\d+$/.exec(key) ?? [];
    if (name === undefined || tag === undefined) continue;
    if (!chunks.has(name)) series.set(tag, (series.get(tag) ?? 0) + 1);
    chunks.set(name, (chunks.get(name) ?? 0) + 1);
  }
  for (const [name, count] of chunks) {
    const [tag = ''] = /\{.+?\}/.exec(name) ?? [];
    const most = Math.ceil(HISTORY_ROWS / (series.get(tag) ?? 1) / ROWS_PER_CHUNK) + 2;
    if (count > most) throw new Error(`${name} has ${count} keys, at most ${most} are of use`);
  }
}

async function allKeys({ commands }: RedisLink): Promise<string[]> {
  const nodes = 'nodes' in commands ? commands.nodes('master') : [commands];
  return (await Promise.all(nodes.map((node) => node.keys('*')))).flat();
}

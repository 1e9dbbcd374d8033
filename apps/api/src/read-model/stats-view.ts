import type { StatsResponse } from '@wagehood/contracts';
import { standingsOf, viewFleet, type KubernetesView } from '@wagehood/inventory';
import { plannedTimeframes, type ConfigView } from './config-view';
import { ratePerSecond, type PartitionSnapshot, type PipelineSnapshot, type StageSnapshot } from './stage-snapshot';

export interface StatsInput {
  readonly nowMs: number;
  readonly uptimeSeconds: number;
  readonly config: ConfigView;
  readonly partitions: number;
  readonly newest: PipelineSnapshot;
  readonly oldest: PipelineSnapshot;
  readonly memory: { readonly used: number | null; readonly max: number | null };
  readonly streamClients: number;
  readonly kubernetes: KubernetesView;
  /** The api that answers: the only one that it knows without Kubernetes. */
  readonly processId: string;
}

export function viewStats(input: StatsInput) {
  const { nowMs, uptimeSeconds, config, partitions, newest, oldest, memory, streamClients, kubernetes } = input;
  const self = { service: 'api', members: [input.processId], partitions: [] };
  const stage = (name: string): StageSnapshot | undefined => newest.stages.find((each) => each.name === name);
  const stages = newest.stages.map((each) => viewStage(each, oldest, newest));
  return {
    time: new Date(nowMs).toISOString(),
    uptimeSeconds,
    configVersion: config.version,
    symbols: config.settings.watchlist.filter(({ enabled }) => enabled).length,
    series: countSeries(config),
    partitions,
    bars: stage('calculation')?.bars ?? 0,
    signals: stage('strategy')?.outBars ?? 0,
    alerts: stage('alerting')?.outBars ?? 0,
    barsPerSecond: stages.find(({ name }) => name === 'calculation')?.barsPerSecond ?? 0,
    stages,
    redis: { ok: true, usedMemoryBytes: memory.used, maxMemoryBytes: memory.max },
    stream: { clients: streamClients },
    fleet: viewFleet([...standingsOf(newest.producers, newest.stages, partitions), self], kubernetes),
  } satisfies StatsResponse;
}

function viewStage(stage: StageSnapshot, oldest: PipelineSnapshot, newest: PipelineSnapshot) {
  const barsOf = ({ stages }: PipelineSnapshot): number => stages.find(({ name }) => name === stage.name)?.bars ?? 0;
  return {
    name: stage.name,
    instances: stage.instances,
    partitions: stage.partitions.length,
    owned: stage.partitions.filter(({ owner }) => owner !== '').length,
    lagBars: stage.lagBars,
    barsPerSecond: Math.round(ratePerSecond(oldest, newest, barsOf) * 10) / 10,
    deadLetters: stage.deadLetters,
    byPartition: stage.partitions.map(viewPartition),
  };
}

const seconds = (ms: number): number => Math.round(ms) / 1_000;

function viewPartition(at: PartitionSnapshot) {
  const { partition, owner, epoch, off, tail, lagBars, leaseAgeMs, snapshotAgeMs, deadLetters } = at;
  return {
    partition,
    owner: owner === '' ? null : owner,
    epoch,
    leaseAgeSeconds: leaseAgeMs === null ? null : seconds(leaseAgeMs),
    offset: off,
    tail,
    lagBars,
    snapshotAgeSeconds: seconds(snapshotAgeMs),
    deadLetters,
  };
}

function countSeries(config: ConfigView): number {
  const enabled = config.settings.watchlist.filter((entry) => entry.enabled);
  return enabled.reduce((total, { symbol }) => total + plannedTimeframes(config, symbol).length, 0);
}

/** `used_memory` and `maxmemory` of Redis' INFO; null where it does not say, or says "no limit". */
export function parseMemoryInfo(info: string): { readonly used: number | null; readonly max: number | null } {
  const read = (name: string): number | null => {
    const value = Number(new RegExp(`^${name}:(\\d+)`, 'm').exec(info)?.[1] ?? 0);
    return value > 0 ? value : null;
  };
  return { used: read('used_memory'), max: read('maxmemory') };
}

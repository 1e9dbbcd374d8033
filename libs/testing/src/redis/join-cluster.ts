import { until } from '../until';
import { ask, askInfo } from './ask';
import { freePorts } from './free-port';
import { replicationArgs, replicaUser, type TestNode } from './replication';
import type { ClusterNode, StartClusterOptions } from './start-cluster';
import { startRedis } from './start-redis';

const SLOTS = 16_384;
const HOST = '127.0.0.1';
const PATIENCE = { timeoutMs: 20_000, everyMs: 20 };

export interface SlotRange {
  readonly from: number;
  readonly to: number;
  /** The master that serves it. */
  readonly id: string;
}

interface Shape {
  readonly masters: number;
  readonly replicasPerMaster: number;
}
const shapeOf = ({ masters = 3, replicasPerMaster = 1 }: StartClusterOptions): Shape => ({
  masters,
  replicasPerMaster,
});

/** The servers of a cluster that do not know each other yet; the masters come first. */
export async function startNodes(options: StartClusterOptions): Promise<(ClusterNode & { readonly bus: number })[]> {
  const { nodeTimeoutMs = 1_500, args = [], users = [] } = options;
  const { masters, replicasPerMaster } = shapeOf(options);
  const count = masters * (1 + replicasPerMaster);
  const ports = await freePorts(2 * count);
  return Promise.all(
    ports.slice(0, count).map(async (port, i) => {
      const bus = ports[count + i] as number; // the default, port + 10 000, does not exist for an ephemeral port
      const cluster = ['--cluster-enabled', 'yes', '--cluster-port', `${bus}`];
      const timing = ['--cluster-node-timeout', `${nodeTimeoutMs}`];
      const redis = await startRedis({
        port,
        users: [replicaUser, ...users],
        args: [...cluster, ...timing, ...replicationArgs, ...args],
      });
      const id = await ask<string>({ host: HOST, port }, 'CLUSTER', 'MYID');
      return { host: HOST, port, bus, redis, id };
    }),
  );
}

/** Gives the masters their slots, introduces everybody to everybody, and lets replicas follow. */
export async function joinCluster(
  nodes: readonly (ClusterNode & { readonly bus: number })[],
  options: StartClusterOptions,
): Promise<void> {
  const { masters } = shapeOf(options);
  const firstSlot = (master: number) => Math.floor((master * SLOTS) / masters);
  await Promise.all(
    nodes.map(async (node, i) => {
      await ask(node, 'CLUSTER', 'SET-CONFIG-EPOCH', i + 1);
      if (i < masters) await ask(node, 'CLUSTER', 'ADDSLOTSRANGE', firstSlot(i), firstSlot(i + 1) - 1);
    }),
  );
  // Everybody meets everybody: gossip would find out too, but takes its time.
  for (const node of nodes)
    for (const other of nodes)
      if (other !== node) await ask(node, 'CLUSTER', 'MEET', other.host, other.port, other.bus);
  const isKnown = async (node: TestNode) => {
    const lines = (await ask<string>(node, 'CLUSTER', 'NODES')).trim().split('\n');
    return lines.length === nodes.length && lines.every((line) => / connected/.test(line) && !/handshake/.test(line));
  };
  const everybody = async (condition: (node: TestNode) => Promise<boolean>, among = nodes) =>
    (await Promise.all(among.map(condition))).every(Boolean);
  await until(() => everybody(isKnown), { ...PATIENCE, what: 'nodes that know each other' });

  const replicas = nodes.slice(masters);
  await Promise.all(replicas.map((node, i) => ask(node, 'CLUSTER', 'REPLICATE', nodes[i % masters]?.id ?? '')));
  await until(() => everybody(isInStep, replicas), { ...PATIENCE, what: 'replicas in step' });
  await until(() => everybody((node) => isWhole(node, nodes.length)), { ...PATIENCE, what: 'a whole cluster' });
}

/** True when a node follows a master and has its data. */
export async function isInStep(node: TestNode): Promise<boolean> {
  const info = await askInfo(node, 'INFO', 'replication');
  return info['role'] === 'slave' && info['master_link_status'] === 'up';
}

/** True when a node sees every slot served, and a replica at each that has one. */
async function isWhole(node: TestNode, size: number): Promise<boolean> {
  const info = await askInfo(node, 'CLUSTER', 'INFO');
  const slots = await ask<unknown[][]>(node, 'CLUSTER', 'SLOTS');
  const seen = slots.reduce((sum, [, , ...serving]) => sum + serving.length, 0);
  return info['cluster_state'] === 'ok' && seen === size;
}

/** Who serves which slots in the eyes of one node, lowest slot first. */
export async function rangesSeenBy(witness: TestNode): Promise<SlotRange[]> {
  const slots = await ask<[number, number, [string, number, string]][]>(witness, 'CLUSTER', 'SLOTS');
  return slots.map(([from, to, [, , id]]) => ({ from, to, id })).sort((a, b) => a.from - b.from);
}

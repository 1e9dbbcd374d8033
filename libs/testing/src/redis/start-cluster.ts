import { until } from '../until';
import { ask } from './ask';
import { isInStep, joinCluster, rangesSeenBy, startNodes } from './join-cluster';
import { moveSlot } from './move-slot';
import { addressesOf, cutReplication, type TestNode } from './replication';

export interface StartClusterOptions {
  /** Default 3 masters with one replica each. */
  readonly masters?: number;
  readonly replicasPerMaster?: number;
  /** After how long a silent node counts as dead, ms; a replica takes over 0.5–1 s later. Default 1 500. */
  readonly nodeTimeoutMs?: number;
  /** More arguments for every node. */
  readonly args?: readonly string[];
  /** More lines of their ACL files; the user `default` must stay. */
  readonly users?: readonly string[];
}

export interface ClusterNode extends TestNode {
  /** Its name within the cluster, 40 hex digits. */
  readonly id: string;
}

export interface TestCluster {
  readonly nodes: readonly ClusterNode[];
  /** What REDIS_CLUSTER_NODES takes. */
  readonly seeds: string;
  /** The masters that serve slots, by their first slot. */
  masters(): Promise<ClusterNode[]>;
  /** The master that serves a slot now. */
  ownerOf(slot: number): Promise<ClusterNode>;
  /**
   * kill -9 of a master; resolves with the replica that serves its slots once every node agrees. With `lossy` nothing reaches
   * the replica any more from now on: what that callback writes there is confirmed, and lost.
   */
  failOver(master: ClusterNode, lossy?: () => Promise<unknown>): Promise<ClusterNode>;
  /** Starts a killed node again; resolves when it has its master's data. */
  revive(node: ClusterNode): Promise<void>;
  /** Moves a slot with its keys while clients use it; with `pauseMs` it stays torn between two nodes for that long per key. */
  moveSlot(slot: number, to: ClusterNode, pauseMs?: number): Promise<void>;
  stop(): Promise<void>;
}

/** On a machine that is too busy an election may have to be held again. */
const PATIENCE = { timeoutMs: 180_000, everyMs: 50 };

/** A real Redis Cluster on loopback ports: every slot served, every replica in step on return. */
export async function startCluster(options: StartClusterOptions = {}): Promise<TestCluster> {
  const nodes = await startNodes(options);
  const stop = async () => void (await Promise.all(nodes.map(({ redis }) => redis.stop())));
  await joinCluster(nodes, options).catch(async (error: unknown) => {
    await stop();
    throw error;
  });
  const running = () => nodes.filter(({ redis }) => redis.isRunning());
  const node = (id: string | undefined) => nodes.find((one) => one.id === id) ?? null;
  const ranges = () => rangesSeenBy(running()[0] as ClusterNode);
  const ownerSeenBy = async (witness: ClusterNode, slot: number): Promise<ClusterNode | null> =>
    node((await rangesSeenBy(witness)).find(({ from, to }) => from <= slot && slot <= to)?.id);
  const agreedOwner = async (slot: number): Promise<ClusterNode | null> => {
    const owners = await Promise.all(running().map((witness) => ownerSeenBy(witness, slot)));
    return owners.every((owner) => owner === owners[0]) ? (owners[0] ?? null) : null;
  };
  const ownerOf = (slot: number) =>
    until(() => agreedOwner(slot), { ...PATIENCE, what: `an owner of slot ${slot} whom everybody knows` });

  return {
    nodes,
    seeds: addressesOf(nodes),
    masters: async () => [...new Set((await ranges()).flatMap(({ id }) => node(id) ?? []))],
    ownerOf,
    async failOver(master, lossy) {
      const slot = (await ranges()).find(({ id }) => id === master.id)?.from;
      if (slot === undefined) throw new Error('only a master that serves slots can fail over');
      if (lossy) {
        await cutReplication(master);
        await lossy();
      }
      await master.redis.kill();
      const healthy = async () => {
        const states = await Promise.all(running().map((one) => ask<string>(one, 'CLUSTER', 'INFO')));
        return states.every((state) => state.includes('cluster_state:ok'));
      };
      const heir = async () => {
        const owner = await agreedOwner(slot);
        return owner !== null && owner !== master && (await healthy()) ? owner : null;
      };
      return until(heir, { ...PATIENCE, what: 'a replica that has taken over' });
    },
    async revive(dead) {
      await dead.redis.restart();
      const what = 'the revived node in step with its master';
      await until(() => isInStep(dead), { ...PATIENCE, what }).catch(async (error: Error) => {
        const seen = await Promise.all(running().map((one) => ask<string>(one, 'CLUSTER', 'NODES')));
        throw new Error([error.message, `it is ${dead.id}`, ...seen].join('\n'), { cause: error });
      });
    },
    async moveSlot(slot, to, pauseMs = 0) {
      await moveSlot(slot, await ownerOf(slot), to, running(), pauseMs);
    },
    stop,
  };
}

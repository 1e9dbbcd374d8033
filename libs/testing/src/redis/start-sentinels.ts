import { createHash } from 'node:crypto';
import { until } from '../until';
import { ask, askInfo } from './ask';
import { freePorts } from './free-port';
import { isInStep } from './join-cluster';
import { addressesOf, cutReplication, replicationArgs, replicaUser, type TestNode } from './replication';
import { startRedis } from './start-redis';

export interface StartSentinelsOptions {
  /** Default 2. */
  readonly replicas?: number;
  /** Default 3; more than half of them must agree that the primary is dead. */
  readonly sentinels?: number;
  /**
   * After how long a silent primary counts as dead, ms. Default 2 000. Sentinels ping once a second and begin with a new primary late: with no
   * more than that they take one that they have just made for dead, and go back to a replica that has nothing yet.
   */
  readonly downAfterMs?: number;
  /** More arguments for every server that holds data. */
  readonly args?: readonly string[];
  /** More lines of their ACL files; the user `default` must stay. */
  readonly users?: readonly string[];
  /** More lines for the configuration of every sentinel, e.g. `sentinel auth-pass market secret`. */
  readonly sentinelConfig?: readonly string[];
}

export interface TestSentinels {
  /** What REDIS_SENTINEL_NAME takes. */
  readonly name: string;
  /** What REDIS_SENTINELS takes. */
  readonly addresses: string;
  readonly sentinels: readonly TestNode[];
  /** The servers that hold data; the first one began as primary. */
  readonly servers: readonly TestNode[];
  /** The primary that most sentinels agree on. */
  primary(): Promise<TestNode>;
  /**
   * kill -9 of the primary; resolves with its heir. With `lossy` nothing reaches the replicas any more from now on: what that
   * callback writes is confirmed, and lost.
   */
  failOver(lossy?: () => Promise<unknown>): Promise<TestNode>;
  /** Starts the dead servers again, as replicas of the primary of now; resolves when every server is in step with it. */
  heal(): Promise<void>;
  stop(): Promise<void>;
}

const NAME = 'market';
/** Twice as long must lie between two failovers, and before an election that failed is held again. */
const FAILOVER_TIMEOUT_MS = 2_000;
const HOST = '127.0.0.1';
/** A sentinel whose clock has stumbled, on a machine that is too busy, does nothing for 30 s. */
const PATIENCE = { timeoutMs: 180_000, everyMs: 50 };

/** A real primary with replicas and the sentinels that watch them, on loopback ports; all know each other on return. */
export async function startSentinels(options: StartSentinelsOptions = {}): Promise<TestSentinels> {
  const { replicas = 2, sentinels: sentinelCount = 3 } = options;
  const ports = await freePorts(1 + replicas + sentinelCount);
  const servers: TestNode[] = [];
  const sentinels: TestNode[] = [];
  const stop = async () => void (await Promise.all([...sentinels, ...servers].map(({ redis }) => redis.stop())));
  try {
    await startServers(servers, ports.slice(0, 1 + replicas), options);
    await startWatch(sentinels, ports.slice(1 + replicas), servers, options);
  } catch (error) {
    await stop();
    throw error;
  }

  const primaryNow = async (): Promise<TestNode | null> => {
    const seen = await Promise.all(
      sentinels
        .filter(({ redis }) => redis.isRunning())
        .map((sentinel) => ask<[string, string]>(sentinel, 'SENTINEL', 'GET-MASTER-ADDR-BY-NAME', NAME)),
    );
    // A sentinel may hang in a failover of its own; most of them decide.
    const named = (port: number) => seen.filter(([, other]) => other === String(port)).length;
    const server = servers.find(({ port }) => named(port) > sentinels.length / 2);
    if (!server) return null;
    return (await askInfo(server, 'INFO', 'replication'))['role'] === 'master' ? server : null;
  };
  const primary = () => until(primaryNow, { ...PATIENCE, what: 'a primary that most sentinels agree on' });

  const inStep = async (): Promise<boolean> => {
    const now = await primaryNow();
    const follows = async (server: TestNode) =>
      (await isInStep(server)) && (await askInfo(server, 'INFO', 'replication'))['master_port'] === String(now?.port);
    return now !== null && (await Promise.all(servers.map((one) => one === now || follows(one)))).every(Boolean);
  };

  return {
    name: NAME,
    addresses: addressesOf(sentinels),
    sentinels,
    servers,
    primary,
    async failOver(lossy) {
      const dying = await primary();
      if (lossy) {
        await cutReplication(dying);
        await lossy();
      }
      await dying.redis.kill();
      const heir = async () => {
        const now = await primaryNow();
        return now === dying ? null : now;
      };
      return until(heir, { ...PATIENCE, what: 'a replica that was promoted' });
    },
    async heal() {
      const revived = servers.filter(({ redis }) => !redis.isRunning());
      await Promise.all(revived.map(({ redis }) => redis.restart()));
      const { host, port } = await primary();
      // The sentinels would do that too, in their own time. Those that were never dead are theirs alone: a second will would only disturb.
      const strangers = revived.filter((server) => server.port !== port);
      await Promise.all(strangers.map((server) => ask(server, 'REPLICAOF', host, port)));
      await until(inStep, { ...PATIENCE, what: 'every server in step with the primary' });
    },
    stop,
  };
}

async function startServers(
  servers: TestNode[],
  ports: readonly number[],
  { args = [], users = [] }: StartSentinelsOptions,
): Promise<void> {
  const [primaryPort] = ports;
  for (const port of ports) {
    const following = port === primaryPort ? [] : ['--replicaof', HOST, `${primaryPort}`];
    const redis = await startRedis({
      port,
      users: [replicaUser, ...users],
      args: [...replicationArgs, ...following, ...args],
    });
    servers.push({ host: HOST, port, redis });
  }
  const replicas = servers.slice(1);
  const inStep = async () => (await Promise.all(replicas.map(isInStep))).every(Boolean);
  await until(inStep, { ...PATIENCE, what: 'replicas in step' });
}

async function startWatch(
  sentinels: TestNode[],
  ports: readonly number[],
  servers: readonly TestNode[],
  { downAfterMs = 2_000, sentinelConfig = [] }: StartSentinelsOptions,
): Promise<void> {
  const primary = servers[0] as TestNode;
  const quorum = Math.floor(ports.length / 2) + 1;
  const idOf = (port: number) => createHash('sha1').update(`sentinel ${port}`).digest('hex');
  for (const port of ports) {
    const known = ports.filter((other) => other !== port);
    const config = [
      `sentinel myid ${idOf(port)}`,
      `sentinel monitor ${NAME} ${primary.host} ${primary.port} ${quorum}`,
      `sentinel down-after-milliseconds ${NAME} ${downAfterMs}`,
      `sentinel failover-timeout ${NAME} ${FAILOVER_TIMEOUT_MS}`,
      ...sentinelConfig,
      // Otherwise they would take seconds to find each other.
      ...known.map((other) => `sentinel known-sentinel ${NAME} ${HOST} ${other} ${idOf(other)}`),
      '',
    ].join('\n');
    sentinels.push({ host: HOST, port, redis: await startRedis({ port, config, args: ['--sentinel'] }) });
  }
  const isReady = async (sentinel: TestNode) =>
    (await ask<string>(sentinel, 'SENTINEL', 'CKQUORUM', NAME)).startsWith('OK') &&
    (await ask<unknown[]>(sentinel, 'SENTINEL', 'REPLICAS', NAME)).length === servers.length - 1;
  const ready = async () => (await Promise.all(sentinels.map(isReady))).every(Boolean);
  await until(ready, { ...PATIENCE, what: 'sentinels that know each other and every replica' });
}

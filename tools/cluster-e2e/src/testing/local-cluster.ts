import { startService, type ServiceProcess } from '@wagehood/fleet';
import { startRedis, until, type TestRedis } from '@wagehood/testing';
import { SERVICES, type Cluster, type Seen, type Service } from '../cluster';

export interface LocalCluster extends Cluster {
  /** How often each thing was done. */
  readonly done: string[];
  stop(): Promise<void>;
}

/** Processes of this machine that do as Kubernetes would: ready before the old one goes, SIGTERM before the end, SIGKILL on `kill`. */
export async function startLocalCluster(partitions: number): Promise<LocalCluster> {
  const redis: TestRedis = await startRedis({ port: true, args: ['--appendonly', 'yes'] });
  const replicas = new Map<Service, ServiceProcess[]>(SERVICES.map((service) => [service, []]));
  const done: string[] = [];
  const seen: { -readonly [K in keyof Seen]: Seen[K] } = { answered: 0, failed: 0, reason: null };
  let origin = '';
  let watching = true;

  const of = (service: Service) => replicas.get(service) ?? [];
  const add = async (service: Service): Promise<void> => {
    const own: Record<string, string> = service === 'api' ? { API_AUTH: 'off', API_PORT: '0' } : {};
    const environment = { REDIS_URL: redis.url, PARTITIONS: `${partitions}`, HEALTH_PORT: '0', ...own };
    const replica = startService(service, environment);
    of(service).push(replica);
    const { apiPort } = await replica.ready(30_000);
    if (service === 'api') origin = `http://127.0.0.1:${String(apiPort)}/api/v1/realtime`;
  };
  const drop = async (service: Service): Promise<void> => {
    const { code } = (await of(service).shift()?.terminate()) ?? { code: 0 };
    if (code !== 0) throw new Error(`${service} left with ${code}`);
  };
  const watch = async (): Promise<void> => {
    while (watching) {
      try {
        const { status } = await fetch(`${origin}/health`, { headers: { connection: 'close' } });
        if (status !== 200) throw new Error(`status ${status}`);
        seen.answered += 1;
      } catch (error) {
        seen.failed += 1;
        seen.reason = String(error);
      }
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  };
  let watcher: Promise<void> | undefined;

  const cluster: LocalCluster = {
    redisUrl: redis.url,
    done,
    async install() {
      await Promise.all(SERVICES.map(add));
      watcher = watch();
    },
    async remove() {
      watching = false;
      await watcher;
      await Promise.all([...replicas.values()].flat().map((replica) => replica.kill()));
    },
    async scale(service, wanted) {
      done.push(`scale ${service} ${wanted}`);
      while (of(service).length < wanted) await add(service);
      while (of(service).length > wanted) await drop(service);
    },
    async roll(service) {
      done.push(`roll ${service}`);
      await add(service);
      await drop(service);
    },
    async kill(service) {
      done.push(`kill ${service}`);
      await of(service).shift()?.kill('SIGKILL');
      await add(service);
    },
    async ask(method, path, body) {
      const headers = { 'content-type': 'application/json' };
      const init = { method, headers, ...(body !== undefined && { body: JSON.stringify(body) }) };
      const response = await fetch(origin + path, init);
      return { status: response.status, body: await response.json() };
    },
    seen: async () => ({ ...seen }),
    async stop() {
      await cluster.remove();
      await redis.stop();
    },
  };
  await until(() => redis.port !== null);
  return cluster;
}

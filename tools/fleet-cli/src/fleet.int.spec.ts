import { deployment, pod, startKubernetesApi, type KubernetesApi } from '@wagehood/inventory/testing';
import { claimPartitions, connectRedis, createMembership, partitionsKey, silentLog } from '@wagehood/streams';
import type { Membership, RedisLink } from '@wagehood/streams';
import { freePort, startRedis, until, type TestRedis } from '@wagehood/testing';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runCommand } from '@wagehood/command';
import { fleet as fleetCommand } from './fleet';

jest.setTimeout(60_000); // the first test loads the Kubernetes client

let redis: TestRedis;
let link: RedisLink;
let kubernetes: KubernetesApi;
let member: Membership;
let home: string;

beforeAll(async () => {
  home = mkdtempSync(join(tmpdir(), 'wagehood-home-'));
  [redis, kubernetes] = await Promise.all([startRedis(), startKubernetesApi()]);
  link = connectRedis({ url: redis.url, host: '', port: 0 }, { name: 'test', log: silentLog });
  await claimPartitions(link, 4);
  member = createMembership({
    ...{ link, log: silentLog, stage: 'ingestion', id: 'ingestion-a/1', onLive: () => undefined },
    ...{ ttlMs: 60_000, heartbeatMs: 500 },
  });
  await member.start();
}, 120_000);

beforeEach(() => {
  kubernetes.answerWith(null);
  kubernetes.store.deployments.put(deployment('ingestion', 2, { readyReplicas: 1, availableReplicas: 1 }));
  kubernetes.store.pods.put(pod('ingestion', 'ingestion-a', { restarts: 1 }));
  kubernetes.store.pods.put(
    pod('ingestion', 'ingestion-b', { ready: false, restarts: 4, waiting: 'CrashLoopBackOff' }),
  );
});

afterAll(async () => {
  await member.stop();
  await link.close();
  await Promise.all([redis.stop(), kubernetes.stop()]);
  rmSync(home, { recursive: true });
});

/** The command in a shell whose environment has nothing but this. */
async function fleet(words: string, environment: Record<string, string> = { REDIS_URL: redis.url }) {
  const [out, err]: [string[], string[]] = [[], []];
  const code = await runCommand(fleetCommand, words.split(' '), environment, {
    out: (line) => out.push(line),
    err: (line) => err.push(line),
  });
  return { code, out: out.join('\n'), err: err.join('\n'), row: (name: string) => rowOf(out, name) };
}
const rowOf = (lines: readonly string[], name: string) =>
  lines
    .find((line) => line.startsWith(name))
    ?.trim()
    .split(/ {2,}/);

const here = () => `--kubeconfig ${kubernetes.kubeconfig}`;
/** A kubeconfig that names nothing. */
const nowhere = () => {
  const file = join(home, 'empty');
  writeFileSync(file, JSON.stringify({ apiVersion: 'v1', kind: 'Config', clusters: [], users: [], contexts: [] }));
  return `--kubeconfig ${file}`;
};
const nobody = async () => ({ REDIS_URL: `redis://127.0.0.1:${await freePort()}` });

describe('fleet status', () => {
  it('joins the members in Redis with the Deployments and pods of the cluster', async () => {
    const { code, out, row } = await fleet(`status ${here()}`);
    expect(code).toBe(0);
    expect(row('SERVICE')).toEqual([
      'SERVICE',
      'READY',
      'PODS',
      'PROCESSES',
      'PARTITIONS',
      'LAG',
      'RESTARTS',
      'ROLLOUT',
    ]);
    expect(row('ingestion')).toEqual(['ingestion', '1/2', '2', '1', '4', '–', '5', 'progressing']);
    expect(row('alerting')).toEqual(['alerting', '–', '–', '0', '0', '0', '–', '–']);
    expect(out).toContain('! ingestion-b on node-1: CrashLoopBackOff, 4 restarts');
    expect(out).toMatch(/members: +Redis at .*\nkubernetes: current, namespace wagehood$/);
    await until(() => kubernetes.connections() === 0); // so that the command ends
  });

  it('is known from the members alone without a cluster', async () => {
    const { code, out, row } = await fleet(`status ${nowhere()}`);
    expect(code).toBe(0);
    expect(row('ingestion')).toEqual(['ingestion', '–', '–', '1', '4', '–', '–', '–']);
    expect(row('calculation-worker')).toEqual(['calculation-worker', '–', '–', '0', '0', '0', '–', '–']);
    expect(out).toMatch(/kubernetes: off: no cluster: neither KUBECONFIG nor ~\/.kube\/config names one$/);
  });

  it('is known from the cluster alone without Redis', async () => {
    const { code, out, row } = await fleet(`status ${here()}`, await nobody());
    expect(code).toBe(0);
    expect(row('ingestion')).toEqual(['ingestion', '1/2', '2', '–', '–', '–', '5', 'progressing']);
    expect(out).toMatch(/members: +unknown: Redis at .* cannot be reached/);
  });

  it('shows the members and says what the cluster refuses', async () => {
    kubernetes.answerWith(403);
    const { code, out, row } = await fleet(`status ${here()}`);
    expect(code).toBe(0);
    expect(row('ingestion')?.slice(0, 5)).toEqual(['ingestion', '–', '–', '1', '4']);
    expect(out).toMatch(/kubernetes: unavailable, namespace wagehood: (deployments|pods): 403 the server says 403$/);
  });

  it('fails in two lines when nobody knows anything', async () => {
    const { code, out, err } = await fleet(`status ${nowhere()}`, await nobody());
    expect({ code, out }).toEqual({ code: 1, out: '' });
    expect(err).toMatch(/^members: Redis at .* cannot be reached \(.*\)\nkubernetes: no cluster: .*$/);
  });

  it.each([
    ['16>64 base=9 step=copy', /members: +unknown: the number of partitions is being changed: 16>64/],
    [null, /members: +unknown: no service has been started with this Redis yet/],
  ])('reads no members of a Redis whose partitions are %s', async (marker, reason) => {
    if (marker === null) await link.commands.del(partitionsKey);
    else await link.commands.set(partitionsKey, marker);
    const { code, out } = await fleet(`status ${here()}`);
    await link.commands.set(partitionsKey, '4');
    expect(code).toBe(0);
    expect(out).toMatch(reason);
  });

  it('names a variable that is wrong', async () => {
    const { code, err } = await fleet('status', { REDIS_PORT: 'x' });
    expect(code).toBe(1);
    expect(err).toMatch(/REDIS_PORT: "x" is not valid/);
  });
});

describe('fleet status --api', () => {
  let server: Server;
  let answer: { status: number; body: unknown };
  let key: string | undefined;
  beforeAll(async () => {
    server = createServer((request, response) => {
      key = request.headers.authorization;
      response.writeHead(request.url === '/api/v1/realtime/stats' ? answer.status : 404);
      response.end(JSON.stringify(answer.body));
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  });
  afterAll(() => new Promise((resolve) => server.close(resolve)));
  const base = () => `http://127.0.0.1:${(server.address() as AddressInfo).port}`;

  const alerting = {
    ...{ name: 'alerting', owned: 1, lagBars: 7, restarts: null, deployment: null },
    processes: [{ id: 'alerting-a/1', host: 'alerting-a', partitions: [3], lagBars: 7, pod: null }],
  };
  const stats = {
    ...{ time: new Date(0).toISOString(), uptimeSeconds: 1, configVersion: 1, symbols: 1, series: 1, partitions: 4 },
    ...{ bars: 0, signals: 0, alerts: 0, barsPerSecond: 0, stages: [], stream: { clients: 0 } },
    redis: { ok: true, usedMemoryBytes: null, maxMemoryBytes: null },
    fleet: {
      kubernetes: { state: 'off', detail: 'KUBERNETES=off', namespace: null, staleSince: null },
      services: [alerting],
    },
  };

  it('joins what an api knows with the cluster', async () => {
    answer = { status: 200, body: stats };
    kubernetes.store.pods.put(pod('alerting', 'alerting-a', { restarts: 2 }));
    const { code, out, row } = await fleet(`status --api ${base()} ${here()}`);
    expect({ code, key }).toEqual({ code: 0, key: undefined });
    expect(row('alerting')).toEqual(['alerting', '–', '1', '1', '1', '7', '2', '–']);
    expect(row('ingestion')?.slice(0, 3)).toEqual(['ingestion', '1/2', '2']);
    expect(out).toContain(`members:    the api at ${base()}`);
    kubernetes.store.pods.remove('alerting-a');
  });

  it('shows the cluster as an api sees it to whom has none', async () => {
    const seen = { state: 'current', detail: '', namespace: 'elsewhere', staleSince: null };
    answer = { status: 200, body: { ...stats, fleet: { ...stats.fleet, kubernetes: seen } } };
    const { code, out, row } = await fleet(`status --api ${base()} ${nowhere()}`);
    expect(code).toBe(0);
    expect(row('alerting')).toEqual(['alerting', '–', '–', '1', '1', '7', '–', '–']);
    expect(out).toMatch(/kubernetes: current, namespace elsewhere$/);
  });

  it.each([
    [401, {}, /\/stats: 401: API_KEY must hold a key with the scope read$/m],
    [200, 'hello', /\/stats: this is no answer of ours; is another server there\?$/m],
    [500, {}, /\/stats: 500$/m],
  ])('says what is wrong with an answer %d %j', async (status, body, reason) => {
    answer = { status, body };
    const { code, err } = await fleet(`status --api ${base()} ${nowhere()}`, { API_KEY: 'wh_a_b' });
    expect({ code, key }).toEqual({ code: 1, key: 'Bearer wh_a_b' });
    expect(err).toMatch(reason);
  });
});

describe('fleet scale', () => {
  const replicas = () =>
    (kubernetes.store.deployments.objects.get('ingestion')?.['spec'] as { replicas: number }).replicas;

  it('sets the replicas and says what they were', async () => {
    const { code, out } = await fleet(`scale ingestion 5 ${here()}`);
    expect({ code, out, replicas: replicas() }).toEqual({
      ...{ code: 0, replicas: 5 },
      out: 'ingestion in wagehood: 2 → 5 replicas',
    });
  });

  it('says in one line that it may not, and changes nothing', async () => {
    kubernetes.answerWith(403);
    const { code, err } = await fleet(`scale ingestion 5 ${here()}`);
    expect({ code, replicas: replicas() }).toEqual({ code: 1, replicas: 2 });
    expect(err).toMatch(
      /^deployment ingestion in wagehood: 403 .*; the component fleet-scaler has an account that may$/,
    );
  });

  it.each([
    [
      'a service that is not installed',
      () => `scale api 2 ${here()}`,
      1,
      /^deployment api in wagehood: 404 .*not found$/,
    ],
    ['no cluster', () => `scale api 2 ${nowhere()}`, 1, /^no cluster: neither KUBECONFIG nor .* names one$/],
    ['no file', () => `scale api 2 --kubeconfig ${home}/none`, 1, /^kubeconfig: .*ENOENT.*$/],
    [
      'a word for a number',
      () => `scale api many ${here()}`,
      2,
      /^many: a whole number .* is expected; npm run fleet -- --help says more$/,
    ],
    ['an unknown service', () => `scale apj 2 ${here()}`, 2, /^apj: unknown service; there are .* says more$/],
  ])('says what is wrong: %s', async (_, words, code, reason) => {
    const answer = await fleet(words());
    expect({ code: answer.code, out: answer.out }).toEqual({ code, out: '' });
    expect(answer.err).toMatch(reason);
  });
});

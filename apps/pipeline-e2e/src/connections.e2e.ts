import type { HealthResponse, IndicatorsResponse, SignalsResponse } from '@wagehood/contracts';
import { atRest, ended, startSystem, verify, workspaceRoot, type Servers, type System } from '@wagehood/fleet';
import { startCluster, startSentinels, until, type TestNode } from '@wagehood/testing';
import { join } from 'node:path';
import { httpClient, type HttpClient } from './testing/http-client';
import { startSecured } from './testing/secured';

const recording = join(workspaceRoot, 'node_modules/vega-datasets/data/sp500-2000.csv');

interface Place extends Servers {
  /** What must hold when all is done. */
  check?(): Promise<void>;
  stop(): Promise<void>;
}

const nodesOf = (nodes: readonly TestNode[]) => nodes.map(({ host, port }) => ({ host, port }));

async function overCluster(): Promise<Place> {
  const cluster = await startCluster();
  return {
    settings: { host: '', port: 0, cluster: nodesOf(cluster.nodes) },
    environment: () => ({ REDIS_CLUSTER_NODES: cluster.seeds }),
    stop: cluster.stop,
  };
}

async function overSentinels(): Promise<Place> {
  const set = await startSentinels();
  return {
    settings: { host: '', port: 0, sentinels: nodesOf(set.sentinels), sentinelName: set.name },
    environment: () => ({ REDIS_SENTINELS: set.addresses, REDIS_SENTINEL_NAME: set.name }),
    stop: set.stop,
  };
}

describe.each([
  ['a cluster', overCluster],
  ['sentinels', overSentinels],
  ['TLS, each service as a user with the least rights', startSecured],
])('five services over %s', (_, start) => {
  let place: Place;
  let system: System;
  let client: HttpClient;

  beforeAll(async () => {
    place = await start();
    system = await startSystem({ settings: null, servers: place });
    const settings = { DATA_PROVIDER: 'replay', WATCHLIST_SYMBOLS: 'SPX', REDIS_STREAMS_MAXLEN: '100000000' };
    const api = system.start('api', { API_AUTH: 'off', API_PORT: '0', ...settings });
    const ingestion = system.start('ingestion', { REPLAY_FILES: `SPX=${recording}`, REPLAY_SPEED: 'max' });
    const others = (['calculation-worker', 'strategy-evaluator', 'alerting'] as const).map((name) =>
      system.start(name),
    );
    await Promise.all([api, ...others].map((service) => service.ready()));
    client = await httpClient(api);
    await ended(system, ingestion);
    await atRest(system);
  });

  afterAll(async () => {
    await system?.stop();
    await place?.stop();
  });

  it('compute bit for bit what the engines compute in this process', async () => {
    const { bars, events, refused } = await verify(system);
    expect({ bars, events, refused }).toEqual({ bars: 5_105, events: 5_105, refused: 0 });
  });

  it('deliver alerts and answer their users', async () => {
    const { body } = await client.get<IndicatorsResponse>('/indicators/SPX');
    expect(body.series[0]?.ready).toBe(true);
    expect((await client.get<SignalsResponse>('/signals/SPX')).body.signals.length).toBeGreaterThan(0);
    await until(async () => (await client.get<HealthResponse>('/health')).body.status === 'healthy', {
      timeoutMs: 10_000,
      what: 'health',
    });
    const [alerting] = system.running('alerting');
    await until(async () => ((await alerting?.metric('wagehood_alert_deliveries_total')) ?? 0) > 0, {
      timeoutMs: 10_000,
      what: 'deliveries',
    });
  });

  it('end cleanly, and did nothing that they are not allowed to do', async () => {
    const exits = await Promise.all(system.all().map((service) => service.terminate()));
    expect(exits.map(({ code }) => code)).toEqual(exits.map(() => 0));
    await place.check?.();
  });
});

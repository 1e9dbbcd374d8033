import { statsResponse } from '@wagehood/contracts';
import { startSystem, type System } from '@wagehood/fleet';
import { pod, startKubernetesApi } from '@wagehood/inventory/testing';
import { until } from '@wagehood/testing';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join, resolve } from 'node:path';

const APPS = resolve(__dirname, '../../../dist/apps');
const LAYER_BYTES = 20_000_000;

describe('the Kubernetes client in the bundles', () => {
  let system: System;
  afterEach(() => system?.stop());

  it('is in the api alone, which stays within the size of its layer', () => {
    const having = ['ingestion', 'calculation-worker', 'strategy-evaluator', 'alerting', 'api'].filter((name) =>
      readFileSync(join(APPS, name, 'sbom.cdx.json'), 'utf8').includes('"@kubernetes/client-node"'),
    );
    expect(having).toEqual(['api']);
    const files = readdirSync(join(APPS, 'api'), { recursive: true }).map((file) =>
      statSync(join(APPS, 'api', `${file}`)),
    );
    expect(files.reduce((sum, { size }) => sum + size, 0)).toBeLessThan(LAYER_BYTES);
  });

  it('lists and watches from inside the bundle', async () => {
    const kubernetes = await startKubernetesApi();
    const { host, port, folder } = kubernetes.access;
    system = await startSystem({ settings: null });
    const api = system.start('api', {
      ...{ API_AUTH: 'off', API_PORT: '0', WATCHLIST_SYMBOLS: 'SPY', KUBERNETES_ACCOUNT: folder },
      ...{ KUBERNETES_SERVICE_HOST: host, KUBERNETES_SERVICE_PORT: String(port) },
    });
    const { apiPort } = (await api.ready()) as unknown as { apiPort: number };
    const fleet = async () =>
      statsResponse.parse(await (await fetch(`http://127.0.0.1:${apiPort}/api/v1/realtime/stats`)).json()).fleet;
    await until(async () => (await fleet())?.kubernetes.state === 'current', { timeoutMs: 20_000 });
    kubernetes.store.pods.put(pod('alerting', 'alerting-1'));
    await until(async () => (await fleet())?.services.some(({ processes }) => processes[0]?.host === 'alerting-1'));
    await system.stop();
    await kubernetes.stop();
  }, 60_000);
});

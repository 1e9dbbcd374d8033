import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { checkSettings, formatFaults, readSettingsFile, resolveSettings } from '@wagehood/config';
import { catalogs } from '@wagehood/extensions';
import { networkFaults } from './check-network';
import { referenceFaults } from './check-references';
import { rightsFaults } from './check-rights';
import { securityFaults } from './check-security';
import { typeFaults } from './check-types';
import { environmentFaults } from './environment';
import { root } from './kubernetes-tools';
import { nodesOf, workloadsOf, type Manifest } from './manifest';
import { kustomize, KUSTOMIZE, withComponents } from './render';

const SERVICES = ['alerting', 'api', 'calculation-worker', 'ingestion', 'strategy-evaluator'];
const OVERLAYS = readdirSync(join(KUSTOMIZE, 'overlays'));
const COMPONENTS = readdirSync(join(KUSTOMIZE, 'components'));
/** A volume for the Redis inside the cluster means nothing without it. */
const TOGETHER: Readonly<Record<string, readonly string[]>> = { 'redis-storage': ['redis-dev'] };

const componentsOf = (overlay: string): readonly string[] =>
  [
    ...readFileSync(join(KUSTOMIZE, 'overlays', overlay, 'kustomization.yaml'), 'utf8').matchAll(
      /components\/([\w-]+)/g,
    ),
  ].map(([, name]) => name ?? '');

/** Every overlay alone, with every component, and with everything at once that goes together. */
const renderings = OVERLAYS.flatMap((overlay) => {
  const has = componentsOf(overlay);
  const without = (names: readonly string[]) => names.filter((name) => !has.includes(name));
  const sets = COMPONENTS.map((name) => without([...(TOGETHER[name] ?? []), name])).filter((names) => names.length > 0);
  const everything = without([
    'replicated',
    'traces',
    'redis-tls',
    'redis-cluster',
    'keda',
    'hpa',
    'network-policies',
    'monitoring',
    'ingress',
    'fleet-view',
    'fleet-scaler',
  ]);
  return [[], ...sets, everything].map((components) => ({
    overlay,
    components,
    title: [overlay, ...components].join(' + '),
  }));
});

describe('every overlay with every component', () => {
  const rendered = new Map<string, readonly Manifest[]>();
  const all = () => [...rendered.values()].flat();

  beforeAll(() => {
    for (const { overlay, components, title } of renderings) rendered.set(title, withComponents(overlay, components));
  }, 120_000);

  it('is made of what the Kubernetes API knows, and of nothing else', () => {
    expect(all().length).toBeGreaterThan(500);
    expect(typeFaults(all())).toEqual([]);
  }, 120_000);

  it.each(renderings)('$title: names only what is there', ({ title }) => {
    expect(referenceFaults(rendered.get(title) ?? [])).toEqual([]);
  });

  it.each(renderings)('$title: is as locked up as it can be', ({ title }) => {
    expect(securityFaults(rendered.get(title) ?? [])).toEqual([]);
    expect(rightsFaults(rendered.get(title) ?? [])).toEqual([]);
  });

  it.each(renderings)('$title: lets through what the services need, and nothing else', ({ title }) => {
    expect(networkFaults(rendered.get(title) ?? [])).toEqual([]);
  });

  it('gives each service an environment that it reads and accepts', () => {
    expect(environmentFaults(...rendered.values())).toEqual([]);
  }, 60_000);
});

describe('an overlay', () => {
  it.each(OVERLAYS)('%s is what kubectl apply -k sends', (overlay) => {
    expect(kustomize(join(KUSTOMIZE, 'overlays', overlay))).toEqual(withComponents(overlay, []));
  });

  it.each(OVERLAYS)('%s keeps everything in its namespace, which allows nothing but restricted pods', (overlay) => {
    const manifests = withComponents(overlay, []);
    const [namespace] = manifests.filter(({ kind }) => kind === 'Namespace');
    expect(namespace?.metadata.labels).toMatchObject({ 'pod-security.kubernetes.io/enforce': 'restricted' });
    const others = manifests.filter(({ kind }) => kind !== 'Namespace');
    expect(new Set(others.map(({ metadata }) => metadata.namespace))).toEqual(new Set([namespace?.metadata.name]));
  });
});

it.each(OVERLAYS)('%s lets nodes be drained, whatever the number of replicas', (overlay) => {
  const budgets = withComponents(overlay, []).filter(({ kind }) => kind === 'PodDisruptionBudget');
  expect(budgets.map(({ metadata }) => metadata.name).sort()).toEqual(SERVICES);
  for (const { spec } of budgets) {
    expect(spec).toMatchObject({ maxUnavailable: 1, unhealthyPodEvictionPolicy: 'AlwaysAllow' });
    expect(spec).not.toHaveProperty('minAvailable');
  }
});

describe('the dev overlay', () => {
  const resources = workloadsOf(withComponents('dev', [])).flatMap(({ containers }) =>
    containers.map((container) => container['resources'] as Record<string, Record<string, string>>),
  );
  const sumOf = (kind: string, what: string, units: Readonly<Record<string, number>>) =>
    resources.reduce((sum, resource) => {
      const [, count, unit] = /^(\d+)(\w+)$/.exec(resource[kind]?.[what] ?? '') ?? [];
      return sum + Number(count) * (units[unit ?? ''] ?? NaN);
    }, 0);

  it('fits two small nodes, as the handbook says', () => {
    const memory = { Mi: 1, Gi: 1_024 };
    const [cpu, requests, limits] = [sumOf('requests', 'cpu', { m: 1 }), sumOf('requests', 'memory', memory), sumOf('limits', 'memory', memory)]; // prettier-ignore
    const handbook = readFileSync(join(root, 'docs/operations.md'), 'utf8').replaceAll(/\s+/g, ' ');
    expect(handbook).toContain(`requests ${cpu}m of CPU and ${requests}Mi of memory, and may take ${limits}Mi`);
    expect(cpu).toBeLessThan(500);
    expect(requests).toBeLessThan(1_024);
  });
});

describe('the component fleet-view', () => {
  const api = (components: readonly string[]) => {
    const manifests = withComponents('production', components);
    const found = workloadsOf(manifests).find(({ manifest }) => manifest.metadata.name === 'api');
    const policy = manifests.find(({ metadata }) => metadata.name === 'to-kubernetes')?.['spec'];
    const { podSelector } = policy as { podSelector: { matchLabels: Record<string, string> } };
    const selected = Object.entries(podSelector.matchLabels).every(([name, value]) => found?.labels[name] === value);
    const mode = found?.containers[0]?.env?.find(({ name }) => name === 'KUBERNETES')?.value;
    return { token: found?.pod['automountServiceAccountToken'], selected, mode };
  };

  it('gives the api a token, and a way to the API server; without it there is neither', () => {
    expect(api([])).toEqual({ token: false, selected: false, mode: undefined });
    expect(api(['fleet-view'])).toEqual({ token: true, selected: true, mode: 'on' });
  });
});

it.each(OVERLAYS)('%s follows its namespace with rights and addresses, whatever its name', (overlay) => {
  const moved = withComponents(overlay, ['fleet-view', 'fleet-scaler', 'keda'], { namespace: 'elsewhere' });
  expect(rightsFaults(moved)).toEqual([]);
  expect(referenceFaults(moved)).toEqual([]);
  expect(JSON.stringify(moved).match(/http:\/\/api\.elsewhere\.svc:9000\/metrics/g)).toHaveLength(2);
  expect(moved.filter(({ kind }) => kind === 'RoleBinding').map(({ metadata }) => metadata)).toEqual([
    { name: 'fleet-scaler', namespace: 'elsewhere' },
    { name: 'fleet-view', namespace: 'elsewhere' },
  ]);
});

describe('the base', () => {
  const manifests = kustomize(join(KUSTOMIZE, 'base'));
  const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { version: string };

  it('has for each service all that belongs to it, under its name', () => {
    for (const kind of ['Deployment', 'Service', 'ServiceAccount', 'PodDisruptionBudget']) {
      const names = manifests.filter((manifest) => manifest.kind === kind).map(({ metadata }) => metadata.name);
      expect({ kind, names: names.sort() }).toEqual({ kind, names: SERVICES });
    }
  });

  it('runs the images that npm run images builds, in the version of this commit', () => {
    for (const { manifest, pod, containers, labels } of workloadsOf(manifests)) {
      const { name } = manifest.metadata;
      expect(containers.map(({ image }) => image)).toEqual([`wagehood/${name}:${version}`]);
      expect(pod.serviceAccountName).toBe(name);
      expect(labels).toEqual({
        'app.kubernetes.io/name': name,
        'app.kubernetes.io/part-of': 'wagehood',
        'app.kubernetes.io/version': version,
      });
    }
  });

  it('has settings that the api accepts', () => {
    const settings = manifests.find(({ metadata }) => metadata.name === 'settings')?.['data'] as Record<string, string>;
    const read = readSettingsFile(settings['settings.json'] ?? '');
    if (!read.ok) throw new Error(formatFaults(read.faults, 'settings'));
    const resolved = resolveSettings({ env: {}, file: read.file }, catalogs);
    if (!resolved.ok) throw new Error(formatFaults(resolved.faults, 'settings'));
    expect(checkSettings(resolved.settings, catalogs)).toEqual([]);
  });

  it('gives a pod longer to leave than it takes', () => {
    for (const { pod, containers } of workloadsOf(manifests)) {
      const pauses = [...nodesOf(containers[0])].flatMap(
        ([, { command }]) => /, (\d+)\)$/.exec(String(command))?.[1] ?? [],
      );
      const drainMs = 4_500 + pauses.reduce((sum, pause) => sum + Number(pause), 0);
      expect(Number(pod['terminationGracePeriodSeconds']) * 1_000).toBeGreaterThan(drainMs + 1_000);
    }
  });
});

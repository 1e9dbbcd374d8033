import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { networkFaults } from './check-network';
import { referenceFaults } from './check-references';
import { rightsFaults } from './check-rights';
import { securityFaults } from './check-security';
import { typeFaults } from './check-types';
import { environmentFaults } from './environment';
import { kubernetesTools, root } from './kubernetes-tools';
import { titleOf, type Manifest } from './manifest';
import { baseWith, kustomize, KUSTOMIZE, readManifests } from './render';

const CHART = join(root, 'deploy/helm/wagehood');

const helm = (...args: string[]) => execFileSync(kubernetesTools().helm, args, { encoding: 'utf8', stdio: 'pipe' });
const template = (...args: string[]) =>
  readManifests(helm('template', 'wagehood', CHART, '--namespace', 'wagehood', ...args));

/**
 * Kustomize renames a ConfigMap that changes, Helm notes its checksum in the pods: both make pods roll. Texts of JSON are compared as
 * what they say.
 */
function comparable(manifests: readonly Manifest[]): Record<string, unknown> {
  const text = JSON.stringify(manifests)
    .replaceAll(/"environment-[a-z0-9]{10}"/g, '"environment"')
    .replaceAll(/"checksum\/environment":"[0-9a-f]{64}",|,"checksum\/environment":"[0-9a-f]{64}"/g, '');
  const own = (JSON.parse(text) as Manifest[]).filter(({ kind }) => kind !== 'Namespace'); // Helm is told one
  return Object.fromEntries(own.map((manifest) => [titleOf(manifest), { ...manifest, ...parsed(manifest) }]));
}

function parsed({ data }: Manifest): { data?: unknown } {
  const { 'settings.json': settings, ...others } = (data ?? {}) as Record<string, string>;
  return settings === undefined ? {} : { data: { ...others, settings: JSON.parse(settings) as unknown } };
}

describe('the Helm chart', () => {
  it('has nothing that helm lint would say', () => {
    expect(helm('lint', '--strict', '--quiet', CHART)).toBe('');
  });

  it('gives what the base of kustomize gives', () => {
    expect(comparable(template())).toEqual(comparable(kustomize(join(KUSTOMIZE, 'base'))));
  });

  const switches = [
    ['fleet-view', 'fleetView'],
    ['fleet-scaler', 'fleetScaler'],
    ['monitoring', 'monitoring'],
    ['network-policies', 'networkPolicies'],
    ['hpa', 'hpa'],
    ['keda', 'keda'],
    ['ingress', 'ingress'],
  ] as const;

  it.each(switches)('gives with a switch what the component %s gives', (component, name) => {
    const switched = comparable(template('--set', `${name}.enabled=true`));
    expect(switched).toEqual(comparable(baseWith(component)));
    expect(switched).not.toEqual(comparable(template()));
  });

  it('gives with all switches what all these components give', () => {
    const manifests = template(...switches.flatMap(([, name]) => ['--set', `${name}.enabled=true`]));
    expect(comparable(manifests)).toEqual(comparable(baseWith(...switches.map(([component]) => component))));
    const faults = [securityFaults, rightsFaults, referenceFaults, networkFaults].flatMap((find) => find(manifests));
    expect([...faults, ...environmentFaults(manifests)]).toEqual([]);
  }, 60_000);

  it('follows its namespace, the number of partitions and your own autoscaling with all switches', () => {
    const manifests = template(
      ...switches.flatMap(([, name]) => ['--set', `${name}.enabled=true`]),
      ...['--namespace', 'elsewhere', '--set-string', 'environment.PARTITIONS=64', '--set', 'keda.lagBars=100000'],
    );
    expect([typeFaults, referenceFaults, rightsFaults].flatMap((find) => find(manifests))).toEqual([]);
    expect(new Set(manifests.map(({ metadata }) => metadata.namespace))).toEqual(new Set(['elsewhere']));
    const text = JSON.stringify(manifests);
    expect(text.match(/http:\/\/api\.elsewhere\.svc:9000/g)).toHaveLength(2);
    expect(text.match(/"maxReplicaCount":64/g)).toHaveLength(2);
    expect(text.match(/"(threshold|targetValue)":"100000"/g)).toHaveLength(4);
  }, 60_000);

  it('lets pods that are told to send traces out to a collector, as the component traces does', () => {
    const manifests = baseWith('traces', 'network-policies');
    const [environment] = manifests.filter(({ metadata }) => metadata.name.startsWith('environment-'));
    const told = Object.entries(environment?.['data'] as Record<string, string>).flatMap(([name, value]) => [
      ...['--set-string', `environment.${name}=${value}`],
    ]);
    expect(told.join(' ')).toContain('OTEL_TRACES_EXPORTER=otlp');
    expect(comparable(template('--set', 'networkPolicies.enabled=true', ...told))).toEqual(comparable(manifests));
  });

  it('labels monitors, rules and dashboards as those who look for them want', () => {
    const manifests = template(
      ...['--set', 'monitoring.enabled=true,monitoring.labels.release=kube-prometheus-stack'],
      ...['--set-string', 'monitoring.dashboardLabels.mine=1'],
    );
    const labelsOf = (kind: string, name: string) =>
      manifests.find((one) => one.kind === kind && one.metadata.name === name)?.metadata.labels;
    for (const kind of ['ServiceMonitor', 'PrometheusRule']) {
      expect(labelsOf(kind, 'wagehood')).toEqual({ release: 'kube-prometheus-stack' });
    }
    expect(labelsOf('ConfigMap', 'dashboards')).toEqual({ grafana_dashboard: '1', mine: '1' });
  });

  it('passes the same checks with every value changed', () => {
    const manifests = template(
      ...[
        '--set',
        'image.registry=registry.example.com/team/,image.tag=1.2.3',
        '--set',
        'image.pullSecrets[0].name=pull',
      ],
      ...[
        '--set',
        'services.ingestion.env.HISTORY_BARS=5,services.api.env.API_RATE_LIMIT=7',
        '--set',
        'services.api.replicas=null',
      ],
      ...['--set-string', 'environment.PARTITIONS=64', '--set', 'services.alerting.resources.requests.cpu=500m'],
      ...['--set', 'services.alerting.resources.requests.memory=1Gi,services.alerting.resources.limits.memory=1Gi'],
    );
    expect(typeFaults(manifests)).toEqual([]);
    expect(referenceFaults(manifests)).toEqual([]);
    expect(securityFaults(manifests)).toEqual([]);
    expect(environmentFaults(manifests)).toEqual([]);
    expect(JSON.stringify(manifests)).toContain('"registry.example.com/team/wagehood/api:1.2.3"');
  }, 60_000);
});

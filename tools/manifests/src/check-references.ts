import { titleOf, workloadsOf, type Manifest, type Workload } from './manifest';

/** Secrets are made by whoever installs; a pod that cannot do without waits for them, and says so. */
export const FOREIGN_SECRETS = ['redis-credentials', 'redis-tls', 'api-admin-key', 'alert-secrets', 'wagehood-tls'];

/**
 * What the API server accepts and would still not work: names that nobody bears, ports that nobody opens, selectors that select
 * nothing.
 * @returns one line per fault
 */
export function referenceFaults(manifests: readonly Manifest[]): readonly string[] {
  const named = (kind: string, name: string | undefined) =>
    manifests.some((manifest) => manifest.kind === kind && manifest.metadata.name === name);
  const workloads = workloadsOf(manifests);
  return [
    ...workloads.flatMap((workload) => workloadFaults(workload, named)),
    ...manifests.filter(({ kind }) => kind === 'Service').flatMap((service) => serviceFaults(service, workloads)),
    ...manifests.flatMap((manifest) => targetFaults(manifest, named)),
    ...scaledFaults(manifests),
    ...addressFaults(manifests),
    ...twice(manifests.map((manifest) => `${manifest.metadata.namespace ?? ''} ${titleOf(manifest)}`)),
  ];
}

type Named = (kind: string, name: string | undefined) => boolean;

function workloadFaults({ manifest, labels, pod, containers }: Workload, named: Named): string[] {
  const faults: string[] = [];
  const need = (holds: boolean, what: string) => void (holds || faults.push(`${titleOf(manifest)}: ${what}`));
  const { selector } = manifest['spec'] as { selector: { matchLabels: Record<string, string> } };
  need(selects(selector.matchLabels, labels), 'its selector does not select its own pods');
  if (pod.serviceAccountName) need(named('ServiceAccount', pod.serviceAccountName), 'its ServiceAccount is missing');
  for (const { name, env = [], envFrom = [], volumeMounts = [], ports = [], ...rest } of containers) {
    for (const { configMapRef, secretRef } of envFrom) {
      if (configMapRef) need(named('ConfigMap', configMapRef.name), `ConfigMap ${configMapRef.name} is missing`);
      if (secretRef) need(FOREIGN_SECRETS.includes(secretRef.name), `Secret ${secretRef.name} is not documented`);
    }
    const volumes = [...(pod.volumes ?? []), ...claimsOf(manifest)].map((volume) => volume.name);
    for (const mount of volumeMounts) need(volumes.includes(mount.name), `${name}: volume ${mount.name} is missing`);
    for (const port of probePorts(rest)) need(opens(ports, port), `${name}: a probe asks port ${port}`);
    for (const variable of twice(env.map((one) => one.name))) need(false, `${name}: ${variable}`);
  }
  for (const volume of pod.volumes ?? []) {
    const { configMap } = volume as { configMap?: { name: string } };
    if (configMap) need(named('ConfigMap', configMap.name), `ConfigMap ${configMap.name} is missing`);
  }
  return faults;
}

const claimsOf = ({ spec }: Manifest): { name: string }[] =>
  ((spec as { volumeClaimTemplates?: { metadata: { name: string } }[] }).volumeClaimTemplates ?? []).map(
    ({ metadata }) => metadata,
  );

type Port = string | number;
type Probe = { readonly httpGet?: { readonly port: Port }; readonly tcpSocket?: { readonly port: Port } } | undefined;

const probePorts = (container: Readonly<Record<string, unknown>>): Port[] =>
  ['startupProbe', 'livenessProbe', 'readinessProbe'].flatMap((name) => {
    const probe = container[name] as Probe;
    return [probe?.httpGet?.port, probe?.tcpSocket?.port].filter((port) => port !== undefined);
  });

const opens = (ports: readonly { readonly name?: string; readonly containerPort: number }[], port: Port): boolean =>
  ports.some(({ name, containerPort }) => name === port || containerPort === port);

function serviceFaults(service: Manifest, workloads: readonly Workload[]): string[] {
  const { selector, ports } = service['spec'] as { selector: Record<string, string>; ports: { targetPort: Port }[] };
  const selected = workloads.filter(({ labels }) => selects(selector, labels));
  if (selected.length === 0) return [`${titleOf(service)}: selects no pods`];
  const opened = selected.flatMap(({ containers }) => containers.flatMap((container) => container.ports ?? []));
  return ports
    .filter(({ targetPort }) => !opens(opened, targetPort))
    .map(({ targetPort }) => `${titleOf(service)}: no container opens port ${targetPort}`);
}

/** Scalers and routes name what they act on. */
function targetFaults(manifest: Manifest, named: Named): string[] {
  const { scaleTargetRef, rules } = (manifest['spec'] ?? {}) as {
    scaleTargetRef?: { name: string };
    rules?: { http?: { paths: { backend: { service: { name: string } } }[] } }[];
  };
  const backends = (rules ?? []).flatMap(({ http }) => http?.paths ?? []).map(({ backend }) => backend.service.name);
  return [
    ...(scaleTargetRef && !named('Deployment', scaleTargetRef.name) ? [scaleTargetRef.name] : []),
    ...backends.filter((name) => !named('Service', name)),
  ].map((name) => `${titleOf(manifest)}: ${name} is missing`);
}

/** A number beside an autoscaler would be set again with every `kubectl apply`. */
function scaledFaults(manifests: readonly Manifest[]): string[] {
  const targets = manifests.map(
    ({ spec }) => (spec as { scaleTargetRef?: { name: string } } | undefined)?.scaleTargetRef,
  );
  return manifests
    .filter(({ kind, metadata }) => kind === 'Deployment' && targets.some((target) => target?.name === metadata.name))
    .filter(({ spec }) => 'replicas' in (spec as object))
    .map((manifest) => `${titleOf(manifest)}: has replicas and an autoscaler`);
}

/** Addresses of Services that others run, and that whoever installs writes in. */
const FOREIGN_ADDRESSES = ['prometheus-operated.monitoring', 'otel-collector.monitoring'];

/** Addresses `NAME.NAMESPACE.svc` must be those of Services that are there. */
function addressFaults(manifests: readonly Manifest[]): string[] {
  const services = manifests.filter(({ kind }) => kind === 'Service');
  const known = services.map(({ metadata: { name, namespace } }) => `${name}.${namespace ?? 'default'}`);
  return manifests.flatMap((manifest) =>
    [...JSON.stringify(manifest).matchAll(/([\w-]+\.[\w-]+)\.svc\b/g)]
      .map(([, address]) => address ?? '')
      .filter((address) => !known.includes(address) && !FOREIGN_ADDRESSES.includes(address))
      .map((address) => `${titleOf(manifest)}: there is no ${address}.svc`),
  );
}

const selects = (selector: Readonly<Record<string, string>>, labels: Readonly<Record<string, string>>): boolean =>
  Object.keys(selector).length > 0 && Object.entries(selector).every(([name, value]) => labels[name] === value);

const twice = (names: readonly string[]): string[] =>
  names.filter((name, index) => names.indexOf(name) !== index).map((name) => `${name} is there twice`);

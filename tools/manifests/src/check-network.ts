import { environmentOf } from './environment';
import { workloadsOf, type Manifest, type Workload } from './manifest';
import { isOpen, type End, type Port } from './network';

/** Addresses from the blocks that are kept for documentation, and one as pods and private networks have them. */
const WORLD = { name: 'the world', address: '203.0.113.7' };
const WORLD_6 = { name: 'the world by IPv6', address: '2001:db8::7' };
const PRIVATE = { name: 'a private address', address: '10.1.2.3' };
const METADATA = { name: 'the metadata of the machine', address: '169.254.169.254' };
const STRANGER = { name: 'a pod of another namespace', labels: {}, namespace: {} };
const NEIGHBOUR = { name: 'a foreign pod in the namespace', labels: { app: 'x' } };
const SCRAPER = { name: 'Prometheus', labels: {}, namespace: { 'wagehood.io/scrape': 'true' } };
const HTTPS = { port: 443 };
const MAIL = [{ port: 465 }, { port: 587 }];
const FACES_THE_WORLD = ['ingestion', 'alerting'];

interface Flow {
  readonly from: End;
  readonly to: End;
  readonly port: Port;
}

/**
 * Where the rendering has NetworkPolicies: every connection that the services need by their own environment must be open, and those that
 * nobody needs shut.
 * @returns one line per fault
 */
export function networkFaults(manifests: readonly Manifest[]): readonly string[] {
  if (!manifests.some(({ kind }) => kind === 'NetworkPolicy')) return [];
  const workloads = workloadsOf(manifests);
  const services = workloads.filter(({ manifest }) => manifest.kind === 'Deployment');
  const describe = ({ from, to, port }: Flow) => `${from.name} → ${to.name} at ${port.port}`;
  const open = (flow: Flow) => isOpen(manifests, flow.from, flow.to, flow.port);
  const needed = services.flatMap((service) => needsOf(service, manifests));
  const banned = [...services.flatMap(bansOf), ...workloads.flatMap(strangersTo)];
  return [
    ...needed.filter((flow) => !open(flow)).map((flow) => `${describe(flow)} must be open`),
    ...banned.filter(open).map((flow) => `${describe(flow)} must be shut`),
  ];
}

const endOf = ({ manifest, labels, containers }: Workload): End => ({
  name: manifest.metadata.name,
  labels,
  ports: containers.flatMap(({ ports = [] }) => ports),
});

function needsOf(service: Workload, manifests: readonly Manifest[]): readonly Flow[] {
  const [from, { name }] = [endOf(service), service.manifest.metadata];
  const environment = environmentOf(service, manifests);
  const to = (end: End, ...ports: Port[]): Flow[] => ports.map((port) => ({ from, to: end, port }));
  const collector = environment['OTEL_TRACES_EXPORTER'] === 'otlp' && environment['OTEL_EXPORTER_OTLP_ENDPOINT'];
  return [
    ...to(PRIVATE, { port: 53, protocol: 'UDP' }, { port: 53 }),
    ...redisOf(environment).flatMap(([host, port]) => to(placeOf(host, manifests), { port })),
    ...(collector ? to(PRIVATE, { port: Number(new URL(collector).port) }) : []),
    ...(FACES_THE_WORLD.includes(name) ? [...to(WORLD, HTTPS), ...to(WORLD_6, HTTPS)] : []),
    ...(name === 'alerting' ? [WORLD, PRIVATE].flatMap((relay) => to(relay, ...MAIL)) : []),
    ...(environment['KUBERNETES'] === 'on' ? to(PRIVATE, HTTPS, { port: 6443 }) : []),
    { from: SCRAPER, to: from, port: { port: Number(environment['HEALTH_PORT']) } },
    ...(name === 'api' ? [STRANGER, WORLD].map((client) => ({ from: client, to: from, port: { port: 8000 } })) : []),
  ];
}

/** Every server that the environment names, as host and port. */
function redisOf(environment: Readonly<Record<string, string>>): readonly (readonly [string, number])[] {
  const { REDIS_SENTINELS = '', REDIS_CLUSTER_NODES = '', REDIS_HOST = '', REDIS_PORT = '6379' } = environment;
  const listed = `${REDIS_SENTINELS},${REDIS_CLUSTER_NODES},${REDIS_HOST}:${REDIS_PORT}`.split(',').filter(Boolean);
  return listed.map((place) => [place.split(':')[0] ?? '', Number(place.split(':')[1])] as const);
}

function placeOf(host: string, manifests: readonly Manifest[]): End {
  const inside = workloadsOf(manifests).find(({ manifest }) => manifest.metadata.name === host);
  return inside ? endOf(inside) : PRIVATE;
}

function bansOf(service: Workload): readonly Flow[] {
  const [from, { name }] = [endOf(service), service.manifest.metadata];
  const seesKubernetes = service.labels['wagehood.io/fleet-view'] === 'true';
  const to = (end: End, port: Port): Flow => ({ from, to: end, port });
  return [
    to(METADATA, { port: 80 }),
    to(PRIVATE, { port: 80 }),
    ...(seesKubernetes ? [] : [to(PRIVATE, HTTPS), to(PRIVATE, { port: 6443 })]),
    ...(FACES_THE_WORLD.includes(name) || seesKubernetes ? [] : [to(WORLD, HTTPS)]),
    ...(name === 'alerting' ? [] : MAIL.map((port) => to(WORLD, port))),
    ...(service.labels['wagehood.io/traces'] === 'true' ? [] : [to(PRIVATE, { port: 4318 })]),
  ];
}

/** Nobody from outside reaches a port of a pod, but for clients of the api. */
function strangersTo(workload: Workload): readonly Flow[] {
  const to = endOf(workload);
  const ports = (to.ports ?? []).filter(({ name }) => name !== 'http').map(({ containerPort: port }) => ({ port }));
  return ports.flatMap((port) => [STRANGER, NEIGHBOUR, WORLD].map((from) => ({ from, to, port })));
}

import { randomBytes } from 'node:crypto';
import { resolve } from 'node:path';
import { call, containerOf, findRunner, lockedUp, type Container } from './container';
import type { System } from './test-system';

interface Service {
  readonly image: string;
  readonly command?: readonly string[];
  readonly user?: string;
  readonly mem_limit?: string;
  readonly stop_grace_period?: string;
  readonly environment?: Readonly<Record<string, string>>;
  readonly ports?: readonly string[];
  readonly volumes?: readonly string[];
  readonly [field: string]: unknown;
}

/** What every container is given without being asked: the file must ask for the same. */
const LOCKED = {
  read_only: true,
  cap_drop: ['ALL'],
  security_opt: ['no-new-privileges:true'],
  restart: 'unless-stopped',
};
const READ = [
  'image',
  'command',
  'user',
  'mem_limit',
  'stop_grace_period',
  'environment',
  'ports',
  'volumes',
  'depends_on',
];

export interface Composed extends System {
  /** Where a port that the file opens on this machine is to be found; another one than there, so that nothing is in the way. */
  readonly published: ReadonlyMap<number, number>;
}

export interface ComposeOptions {
  /** Folder of the file, to which mounts are relative. */
  readonly folder: string;
  readonly services: Readonly<Record<string, Service>>;
  readonly freePort: () => Promise<number>;
  /** For variables of the file. */
  readonly variables: Readonly<Record<string, string>>;
}

/** The services of a compose file, on a network of their own, by docker or podman alone. @throws Error on a field that it does not know */
export async function startCompose({ folder, services, freePort, variables }: ComposeOptions): Promise<Composed> {
  const runner = findRunner();
  const project = `wagehood-test-${randomBytes(4).toString('hex')}`;
  const containers = new Map<string, Container>();
  const published = new Map<number, number>();
  const volumes = new Set<string>();
  const fill = (text: string) => text.replaceAll(/\$\{(\w+):-([^}]*)\}/g, (_, name: string, otherwise: string) => variables[name] ?? otherwise); // prettier-ignore
  const mount = (text: string): string => {
    if (text.startsWith('.'))
      return `${resolve(folder, text.slice(0, text.indexOf(':')))}${text.slice(text.indexOf(':'))}`;
    volumes.add(`${project}-${text.split(':')[0] ?? ''}`);
    return `${project}-${text}`;
  };
  const down = (): void => {
    for (const container of containers.values()) container.remove();
    if (volumes.size > 0) call(runner, 'volume', 'rm', ...volumes);
    call(runner, 'network', 'rm', project);
  };
  const publish = async (text: string): Promise<string> => {
    const [address = '', , inside = ''] = text.split(':');
    const port = await freePort();
    published.set(Number(inside), port);
    return `${address}:${port}:${inside}`;
  };

  call(runner, 'network', 'create', project);
  try {
    for (const [name, service] of Object.entries(services)) {
      refuseUnknown(name, service);
      const ports = await Promise.all((service.ports ?? []).map(publish));
      const flag = (word: string, values: readonly (string | undefined)[]) => values.flatMap((value) => (value === undefined ? [] : [`--${word}=${value}`])); // prettier-ignore
      const id = call(
        ...([runner, 'run', '--detach', `--network=${project}`, `--network-alias=${name}`] as const),
        ...lockedUp(runner),
        ...flag('restart', [LOCKED.restart]),
        ...flag('user', [service.user]),
        ...flag('memory', [service.mem_limit]),
        ...flag('stop-timeout', [service.stop_grace_period?.replace(/s$/, '')]),
        ...flag('publish', ports),
        ...flag('volume', (service.volumes ?? []).map(mount)),
        ...flag('env', Object.entries(service.environment ?? {}).map(([key, value]) => `${key}=${fill(value)}`)), // prettier-ignore
        fill(service.image),
        ...(service.command ?? []),
      );
      containers.set(name, containerOf(runner, id));
    }
  } catch (error) {
    down();
    throw error;
  }
  const container = (name: string): Container => {
    const found = containers.get(name);
    if (!found) throw new Error(`there is no ${name}`);
    return found;
  };
  return { container, published, down, restartRedis: () => container('redis').restart() };
}

function refuseUnknown(name: string, service: Service): void {
  const locked = Object.entries(LOCKED).filter(([field, value]) => JSON.stringify(service[field]) !== JSON.stringify(value)); // prettier-ignore
  const unknown = Object.keys(service).filter((field) => !(field in LOCKED) && !READ.includes(field));
  const faults = [...locked.map(([field]) => field), ...unknown];
  if (faults.length > 0) throw new Error(`${name}: ${faults.join(', ')} would not be as the file says`);
}

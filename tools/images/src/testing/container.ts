import { execFileSync, spawnSync } from 'node:child_process';

export type Runner = 'docker' | 'podman';

/** Docker and podman take the same words. Buildah alone can build but hardly run: then there is no runner. */
export function findRunner(): Runner {
  const found = (['podman', 'docker'] as const).find((name) => spawnSync(name, ['info']).status === 0);
  if (!found) throw new Error('running an image needs podman or docker');
  return found;
}

/** @returns what it says @throws Error with what it complains about */
export const call = (runner: Runner, ...words: string[]): string =>
  execFileSync(runner, words, { encoding: 'utf8', stdio: 'pipe' }).trim();

export interface Container {
  readonly id: string;
  exec(...words: string[]): string;
  /** Runs the HEALTHCHECK of its image inside. @throws Error when it fails, or there is none */
  checkHealth(): void;
  state(): { readonly Running: boolean; readonly ExitCode: number; readonly OOMKilled: boolean };
  logs(): string;
  /** SIGTERM. */
  terminate(): void;
  /** SIGTERM, for good: nobody starts it again. SIGKILL after the grace that it has been given. */
  stop(): void;
  restart(): void;
  remove(): void;
}

export function containerOf(runner: Runner, id: string): Container {
  const say = (...words: string[]) => call(runner, ...words);
  return {
    id,
    exec: (...words) => say('exec', id, ...words),
    checkHealth() {
      const { Test = [] } = JSON.parse(say('inspect', '--format', '{{json .Config.Healthcheck}}', id)) as {
        Test?: string[];
      };
      if (Test[0] !== 'CMD') throw new Error(`no health check without a shell: ${JSON.stringify(Test)}`);
      say('exec', id, ...Test.slice(1));
    },
    state: () => JSON.parse(say('inspect', '--format', '{{json .State}}', id)) as ReturnType<Container['state']>,
    logs: () => spawnSync(runner, ['logs', id], { encoding: 'utf8' }).stdout,
    terminate: () => void say('kill', '--signal=TERM', id),
    stop: () => void say('stop', id),
    restart: () => void say('restart', id),
    remove: () => void spawnSync(runner, ['rm', '--force', id]),
  };
}

/** Nothing to write to, no capabilities, no way to get more. */
export function lockedUp(runner: Runner): readonly string[] {
  const tmpfs = runner === 'podman' ? ['--read-only-tmpfs=false'] : []; // docker has none
  return ['--read-only', ...tmpfs, '--cap-drop=all', '--security-opt=no-new-privileges'];
}

/** Runs an image as Kubernetes runs it here, on the network of the machine. */
export function runContainer(image: string, environment: Readonly<Record<string, string>>): Container {
  const runner = findRunner();
  const variables = Object.entries(environment).flatMap(([name, value]) => ['--env', `${name}=${value}`]);
  return containerOf(
    runner,
    call(runner, 'run', '--detach', '--network=host', ...lockedUp(runner), ...variables, image),
  );
}

interface Inspected {
  readonly Id: string;
  readonly Size: number;
  readonly RootFS: { readonly Layers: readonly string[] };
  readonly Config: { readonly User: string; readonly Labels: Readonly<Record<string, string>> };
}

export function inspectImage(image: string): Inspected {
  return (JSON.parse(call(findRunner(), 'image', 'inspect', image)) as [Inspected])[0];
}

import { execFileSync, spawnSync } from 'node:child_process';

/** Docker and podman take the same words. Buildah alone can build but hardly run: then there is no runner. */
export function findRunner(): 'docker' | 'podman' {
  const found = (['podman', 'docker'] as const).find((name) => spawnSync(name, ['info']).status === 0);
  if (!found) throw new Error('running an image needs podman or docker');
  return found;
}

export interface Container {
  readonly id: string;
  exec(...words: string[]): string;
  state(): { readonly Running: boolean; readonly ExitCode: number; readonly OOMKilled: boolean };
  logs(): string;
  /** SIGTERM. */
  terminate(): void;
  remove(): void;
}

/** Runs an image as Kubernetes runs it here: nothing to write to, no capabilities, no way to get more. */
export function runContainer(image: string, environment: Readonly<Record<string, string>>): Container {
  const runner = findRunner();
  const call = (...words: string[]) => execFileSync(runner, words, { encoding: 'utf8', stdio: 'pipe' }).trim();
  const locked = ['--read-only', '--read-only-tmpfs=false', '--cap-drop=all', '--security-opt=no-new-privileges'];
  const flags = runner === 'docker' ? locked.filter((flag) => flag !== '--read-only-tmpfs=false') : locked;
  const variables = Object.entries(environment).flatMap(([name, value]) => ['--env', `${name}=${value}`]);
  const id = call('run', '--detach', '--network=host', ...flags, ...variables, image);
  return {
    id,
    exec: (...words) => call('exec', id, ...words),
    state: () => JSON.parse(call('inspect', '--format', '{{json .State}}', id)) as ReturnType<Container['state']>,
    logs: () => spawnSync(runner, ['logs', id], { encoding: 'utf8' }).stdout,
    terminate: () => void call('kill', '--signal=TERM', id),
    remove: () => void spawnSync(runner, ['rm', '--force', id]),
  };
}

interface Inspected {
  readonly Id: string;
  readonly Size: number;
  readonly RootFS: { readonly Layers: readonly string[] };
  readonly Config: { readonly User: string; readonly Labels: Readonly<Record<string, string>> };
}

export function inspectImage(image: string): Inspected {
  const text = execFileSync(findRunner(), ['image', 'inspect', image], { encoding: 'utf8' });
  return (JSON.parse(text) as [Inspected])[0];
}

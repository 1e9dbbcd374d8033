import { execFileSync } from 'node:child_process';
import { join, resolve } from 'node:path';

/** The folder of the repository. */
export const root = resolve(__dirname, '../../..');

export interface KubernetesTools {
  readonly kubectl: string;
  readonly helm: string;
}

let found: KubernetesTools | undefined;

/** Paths of kubectl and helm; fetches them when they are not on the PATH. */
export function kubernetesTools(): KubernetesTools {
  const script = join(root, 'tools/setup/kubernetes-tools.mjs');
  found ??= JSON.parse(execFileSync(process.execPath, [script], { encoding: 'utf8' })) as KubernetesTools;
  return found;
}

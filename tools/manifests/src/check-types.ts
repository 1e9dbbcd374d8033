import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from './kubernetes-tools';
import { titleOf, type Manifest } from './manifest';

/** Groups of the Kubernetes API, and where their types are. */
const MODULES: Readonly<Record<string, string>> = {
  v1: 'kubernetes-types/core/v1',
  'apps/v1': 'kubernetes-types/apps/v1',
  'autoscaling/v2': 'kubernetes-types/autoscaling/v2',
  'batch/v1': 'kubernetes-types/batch/v1',
  'networking.k8s.io/v1': 'kubernetes-types/networking/v1',
  'policy/v1': 'kubernetes-types/policy/v1',
  'rbac.authorization.k8s.io/v1': 'kubernetes-types/rbac/v1',
  'keda.sh/v1alpha1': '../../tools/manifests/src/types/keda',
  'monitoring.coreos.com/v1': '../../tools/manifests/src/types/prometheus-operator',
};

/**
 * Holds manifests against the types of the Kubernetes API: each becomes a typed literal, and the compiler refuses what is unknown,
 * of the wrong type, or missing.
 * @returns one line per fault
 */
export function typeFaults(manifests: readonly Manifest[]): readonly string[] {
  const distinct = [...new Map(manifests.map((manifest) => [JSON.stringify(manifest), manifest])).values()];
  const unknown = distinct.filter(({ apiVersion }) => !(apiVersion in MODULES));
  if (unknown.length > 0) return unknown.map((manifest) => `${titleOf(manifest)}: unknown API ${manifest.apiVersion}`);
  mkdirSync(join(root, 'dist'), { recursive: true });
  const folder = mkdtempSync(join(root, 'dist/manifest-types-'));
  try {
    distinct.forEach((manifest, index) => writeFileSync(join(folder, `${index}.ts`), programOf(manifest)));
    const config = { extends: '../../tsconfig.base.json', compilerOptions: { types: [] }, include: ['*.ts'] };
    writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify(config));
    const compiler = join(root, 'node_modules/typescript-7/bin/tsc');
    const { stdout } = spawnSync(process.execPath, [compiler, '-p', folder, '--pretty', 'false'], { encoding: 'utf8' });
    return readFaults(stdout, distinct);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function programOf(manifest: Manifest): string {
  const type = `import('${MODULES[manifest.apiVersion]}').${manifest.kind}`;
  return `export const manifest: ${type} & Required<Pick<${type}, 'apiVersion' | 'kind' | 'metadata'>> = ${JSON.stringify(manifest, null, 2)};\n`;
}

function readFaults(output: string, manifests: readonly Manifest[]): readonly string[] {
  return output.split('\n').flatMap((line) => {
    const [, index, reason] = /(\d+)\.ts\(\d+,\d+\): error (.*)$/.exec(line) ?? [];
    const manifest = manifests[Number(index)];
    if (manifest) return [`${titleOf(manifest)}: ${reason}`];
    return /error TS/.test(line) ? [line] : [];
  });
}

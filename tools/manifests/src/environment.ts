import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { root } from './kubernetes-tools';
import { workloadsOf, type Manifest, type Workload } from './manifest';

export type Environment = Readonly<Record<string, string>>;

/** What one service finds in its environment. Secrets are left out: the manifests do not hold them. */
interface Question {
  readonly service: string;
  readonly environment: Environment;
}

/** What the one container of a workload of ours finds in its environment, but for secrets. */
export function environmentOf({ pod: { containers } }: Workload, manifests: readonly Manifest[]): Environment {
  const dataOf = (name: string) =>
    manifests.find(({ kind, metadata }) => kind === 'ConfigMap' && metadata.name === name)?.['data'] ?? {};
  const [{ env = [], envFrom = [] } = {}] = containers;
  const shared = envFrom.map(({ configMapRef }) => (configMapRef ? dataOf(configMapRef.name) : {}));
  const own = Object.fromEntries(env.map(({ name, value }) => [name, value ?? '']));
  return Object.assign({}, ...shared, own) as Environment;
}

const questionsOf = (manifests: readonly Manifest[]): readonly Question[] =>
  workloadsOf(manifests)
    .filter(({ manifest }) => manifest.kind === 'Deployment')
    .map((workload) => ({
      service: workload.manifest.metadata.name,
      environment: environmentOf(workload, manifests),
    }));

interface Answer {
  /** Every name that the service reads. */
  readonly known: readonly string[];
  /** What it would say at start, one line each. */
  readonly faults: readonly string[];
}

/** Asks the env.ts of each service what it makes of an environment. */
export function askServices(questions: readonly Question[]): readonly Answer[] {
  const output = execFileSync(process.execPath, [join(__dirname, 'ask-services.mjs')], {
    cwd: root,
    input: JSON.stringify(questions),
    encoding: 'utf8',
  });
  return JSON.parse(output) as readonly Answer[];
}

/** Variables that no service reads, and values that it refuses, in one or more renderings. */
export function environmentFaults(...renderings: readonly (readonly Manifest[])[]): readonly string[] {
  const questions = [
    ...new Map(renderings.flatMap(questionsOf).map((question) => [JSON.stringify(question), question])).values(),
  ];
  return askServices(questions).flatMap(({ known, faults }, index) => {
    const { service, environment } = questions[index] as Question;
    const unread = Object.keys(environment).filter((name) => !known.includes(name));
    return [...unread.map((name) => `${service} does not read ${name}`), ...faults.map((f) => `${service}: ${f}`)];
  });
}

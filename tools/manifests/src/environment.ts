import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { root } from './kubernetes-tools';
import { workloadsOf, type Manifest } from './manifest';

export type Environment = Readonly<Record<string, string>>;

/** What one service finds in its environment. Secrets are left out: the manifests do not hold them. */
interface Question {
  readonly service: string;
  readonly environment: Environment;
}

function questionsOf(manifests: readonly Manifest[]): readonly Question[] {
  const dataOf = (name: string) =>
    (manifests.find(({ kind, metadata }) => kind === 'ConfigMap' && metadata.name === name)?.['data'] ??
      {}) as Environment;
  const services = workloadsOf(manifests).filter(({ manifest }) => manifest.kind === 'Deployment');
  return services.flatMap(({ manifest, pod: { containers } }) =>
    containers.map(({ env = [], envFrom = [] }) => {
      const shared = envFrom.map(({ configMapRef }) => (configMapRef ? dataOf(configMapRef.name) : {}));
      const own = Object.fromEntries(env.map(({ name, value }) => [name, value ?? '']));
      return { service: manifest.metadata.name, environment: Object.assign({}, ...shared, own) as Environment };
    }),
  );
}

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

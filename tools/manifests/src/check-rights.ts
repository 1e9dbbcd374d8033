import { titleOf, type Manifest } from './manifest';

interface Rule {
  readonly apiGroups: readonly string[];
  readonly resources: readonly string[];
  readonly resourceNames?: readonly string[];
  readonly verbs: readonly string[];
}

interface Binding {
  readonly roleRef: { readonly kind: string; readonly name: string };
  readonly subjects: readonly { readonly kind: string; readonly name: string; readonly namespace?: string }[];
}

const READ = ['get', 'list', 'watch'];
const SCALE = ['get', 'patch', 'update'];

/** All that the product may ever be allowed: to see Deployments and pods, and to set the replicas of Deployments by their names. */
const mayGrant = ({ apiGroups, resources, resourceNames, verbs }: Rule, deployments: readonly string[]): boolean => {
  const [what, ...more] = resources.map((resource) => `${apiGroups.join()}/${resource}`);
  if (more.length > 0) return false;
  const within = (allowed: readonly string[]) => verbs.every((verb) => allowed.includes(verb));
  if (what === 'apps/deployments' || what === '/pods') return within(READ);
  const named = resourceNames !== undefined && resourceNames.length > 0;
  return (
    what === 'apps/deployments/scale' && within(SCALE) && named && resourceNames.every((n) => deployments.includes(n))
  );
};

const rulesOf = (role: Manifest): readonly Rule[] => (role['rules'] ?? []) as readonly Rule[];
const ofKind = (manifests: readonly Manifest[], kind: string) => manifests.filter((each) => each.kind === kind);

/**
 * Rights in the cluster: as few as can be, in the own namespace, to accounts that are there.
 * @returns one line per fault
 */
export function rightsFaults(manifests: readonly Manifest[]): readonly string[] {
  const deployments = ofKind(manifests, 'Deployment').map(({ metadata }) => metadata.name);
  const wide = manifests.filter(({ kind }) => kind === 'ClusterRole' || kind === 'ClusterRoleBinding');
  const greedy = ofKind(manifests, 'Role').filter(
    (role) => !rulesOf(role).every((rule) => mayGrant(rule, deployments)),
  );
  return [
    ...wide.map((manifest) => `${titleOf(manifest)}: rights must end at the namespace`),
    ...greedy.map((role) => `${titleOf(role)}: allows more than it must`),
    ...ofKind(manifests, 'RoleBinding').flatMap((binding) => bindingFaults(binding, manifests)),
  ];
}

function bindingFaults(binding: Manifest, manifests: readonly Manifest[]): string[] {
  const { roleRef, subjects } = binding as unknown as Binding;
  const there = (kind: string, name: string, namespace?: string) =>
    ofKind(manifests, kind).some(({ metadata }) => metadata.name === name && metadata.namespace === namespace);
  const { namespace } = binding.metadata;
  return [
    ...(roleRef.kind === 'Role' && there('Role', roleRef.name, namespace) ? [] : [`role ${roleRef.name}`]),
    ...subjects
      .filter((subject) => subject.namespace !== namespace || !there(subject.kind, subject.name, namespace))
      .map(({ name }) => `account ${name}`),
  ].map((what) => `${titleOf(binding)}: ${what} is missing`);
}

/** Names of the accounts that may read and do nothing else: pods of theirs may have a token. */
export function readersOf(manifests: readonly Manifest[]): ReadonlySet<string> {
  const rights = new Map<string, boolean>();
  for (const binding of ofKind(manifests, 'RoleBinding')) {
    const { roleRef, subjects } = binding as unknown as Binding;
    const role = ofKind(manifests, 'Role').find(({ metadata }) => metadata.name === roleRef.name);
    const reads = role !== undefined && rulesOf(role).every(({ verbs }) => verbs.every((verb) => READ.includes(verb)));
    for (const { name } of subjects) rights.set(name, (rights.get(name) ?? true) && reads);
  }
  return new Set([...rights].flatMap(([name, reads]) => (reads ? [name] : [])));
}

/** The kinds that the dev overlay is made of, and what belongs to them, by group and version. */
const KINDS: Readonly<Record<string, readonly (readonly [name: string, kind: string, namespaced: boolean])[]>> = {
  v1: [
    ['namespaces', 'Namespace', false],
    ['pods', 'Pod', true],
    ['services', 'Service', true],
    ['secrets', 'Secret', true],
    ['configmaps', 'ConfigMap', true],
    ['serviceaccounts', 'ServiceAccount', true],
    ['events', 'Event', true],
    ['nodes', 'Node', false],
    ['persistentvolumeclaims', 'PersistentVolumeClaim', true],
  ],
  'apps/v1': [
    ['deployments', 'Deployment', true],
    ['statefulsets', 'StatefulSet', true],
  ],
  'policy/v1': [['poddisruptionbudgets', 'PodDisruptionBudget', true]],
  'networking.k8s.io/v1': [['networkpolicies', 'NetworkPolicy', true]],
};
const VERBS = ['create', 'delete', 'get', 'list', 'patch', 'update', 'watch'];

const resourcesOf = (groupVersion: string): object => {
  const plain = (KINDS[groupVersion] ?? []).map(([name, kind, namespaced]) => ({
    ...{ name, singularName: kind.toLowerCase(), namespaced, kind, verbs: VERBS },
  }));
  const scale = {
    name: 'deployments/scale',
    namespaced: true,
    kind: 'Scale',
    group: 'autoscaling',
    version: 'v1',
    verbs: VERBS,
  };
  const resources = groupVersion === 'apps/v1' ? [...plain, scale] : plain;
  return { kind: 'APIResourceList', apiVersion: 'v1', groupVersion, resources };
};

/** kubectl asks whether the server checks the fields of what it is sent; it does not, but says that it would. */
const openApiOf = (groupVersion: string): object => {
  const [version = '', group = ''] = groupVersion.split('/').reverse();
  const parameters = [{ name: 'fieldValidation', in: 'query', schema: { type: 'string' } }];
  const paths = (KINDS[groupVersion] ?? []).map(([name, kind]) => [
    `/${groupVersion}/${name}`,
    { patch: { parameters, 'x-kubernetes-group-version-kind': { group, version, kind } } },
  ]);
  return { openapi: '3.0.0', info: { title: 'test', version: '1' }, paths: Object.fromEntries(paths) as object };
};

const prefixOf = (groupVersion: string): string => (groupVersion === 'v1' ? 'api' : 'apis');

/** What there is, for a client that asks; undefined for a path that is about objects. */
export function discovery(path: string): object | undefined {
  const versions = Object.keys(KINDS);
  if (path === '/api') return { kind: 'APIVersions', versions: ['v1'] };
  if (path === '/apis') return { kind: 'APIGroupList', apiVersion: 'v1', groups: versions.slice(1).map(groupOf) };
  if (path === '/version') return { major: '1', minor: '32', gitVersion: 'v1.32.0' };
  if (path === '/openapi/v3') {
    const entries = versions.map((name) => `${prefixOf(name)}/${name}`);
    const urls = entries.map((entry) => [entry, { serverRelativeURL: `/openapi/v3/${entry}?hash=1` }]);
    return { paths: Object.fromEntries(urls) as object };
  }
  const of = (start: string) => versions.find((name) => path === `${start}/${prefixOf(name)}/${name}`);
  const [resources, openApi] = [of(''), of('/openapi/v3')];
  return resources ? resourcesOf(resources) : openApi ? openApiOf(openApi) : undefined;
}

/** What the objects of a resource are called, such as `Pod` for `pods`. */
export const kindOf = (resource: string): string =>
  Object.values(KINDS)
    .flat()
    .find(([name]) => name === resource)?.[1] ?? '';

const groupOf = (groupVersion: string): object => {
  const [name = '', version = ''] = groupVersion.split('/');
  return { name, versions: [{ groupVersion, version }], preferredVersion: { groupVersion, version } };
};

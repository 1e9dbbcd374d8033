import { join } from 'node:path';
import { networkFaults } from './check-network';
import { referenceFaults } from './check-references';
import { rightsFaults } from './check-rights';
import { securityFaults } from './check-security';
import { typeFaults } from './check-types';
import { environmentFaults } from './environment';
import type { Manifest } from './manifest';
import { kustomize, KUSTOMIZE, readManifests, withComponents } from './render';

type Bad = readonly [what: string, edit: (text: string) => string, fault: RegExp];

const dev = JSON.stringify(kustomize(join(KUSTOMIZE, 'overlays/dev')));
const edited = (from: string | RegExp, to: string) => (text: string) => text.replaceAll(from, to);
const fleet = JSON.stringify(withComponents('dev', ['fleet-view', 'fleet-scaler']));
const broken = (edit: Bad[1], whole: string): readonly Manifest[] => {
  const text = edit(whole);
  expect(text).not.toBe(whole);
  return JSON.parse(text) as Manifest[];
};

/** A check that finds nothing may look at nothing: each is shown what it must find. */
const bad: Record<
  string,
  { find: (manifests: readonly Manifest[]) => readonly string[]; whole?: string; cases: readonly Bad[] }
> = {
  types: {
    find: typeFaults,
    cases: [
      ['an unknown field', edited('"revisionHistoryLimit"', '"revisionHistoryLimits"'), /revisionHistoryLimits/],
      ['an unknown field deep inside', edited('"allowPrivilegeEscalation"', '"allowEscalation"'), /allowEscalation/],
      ['a number for a text', edited('"value":"9000"', '"value":9000'), /number.*string/],
      ['a text for a truth', edited('"readOnlyRootFilesystem":true', '"readOnlyRootFilesystem":"true"'), /boolean/],
      ['a missing field', edited('"serviceName":"redis",', ''), /serviceName/],
      ['a missing kind', edited('"kind":"StatefulSet"', '"kind":"Deployment"'), /Deployment\/redis.*serviceName/],
      [
        'a foreign API',
        edited('"apiVersion":"policy/v1"', '"apiVersion":"policy/v1beta1"'),
        /unknown API policy\/v1beta1/,
      ],
    ],
  },
  references: {
    find: referenceFaults,
    cases: [
      ['a missing ConfigMap', edited(/"configMapRef":\{"name":"[\w-]+"/g, '"configMapRef":{"name":"x"'), /ConfigMap x/],
      ['a missing account', edited('"serviceAccountName":"api"', '"serviceAccountName":"x"'), /ServiceAccount/],
      ['a missing volume', edited('"mountPath":"/data","name":"data"', '"mountPath":"/data","name":"x"'), /volume x/],
      ['a probe of no port', edited('"path":"/readyz","port":"health"', '"path":"/readyz","port":"x"'), /port x/],
      [
        'a Service of no port',
        edited('"targetPort":"http"', '"targetPort":"x"'),
        /Service\/api: no container opens port x/,
      ],
      ['an unknown Secret', edited('"name":"redis-credentials"', '"name":"x"'), /Secret x is not documented/],
    ],
  },
  'references of scalers': {
    find: referenceFaults,
    whole: JSON.stringify(withComponents('dev', ['replicated', 'keda', 'hpa'])),
    cases: [
      [
        'a number beside an autoscaler',
        edited('"revisionHistoryLimit"', '"replicas":4,"revisionHistoryLimit"'),
        /Deployment\/calculation-worker: has replicas and an autoscaler/,
      ],
      ['an address of another namespace', edited('api.wagehood.svc', 'api.other.svc'), /there is no api\.other\.svc/],
      ['a scaler of nothing', edited('"scaleTargetRef":{"name":"', '"scaleTargetRef":{"name":"x-'), /x-\S+ is missing/],
    ],
  },
  'network policies': {
    find: networkFaults,
    whole: JSON.stringify(withComponents('dev', ['network-policies', 'fleet-view', 'traces'])),
    cases: [
      ['a Redis at another port', edited('"REDIS_PORT":"6379"', '"REDIS_PORT":"7000"'), /→ redis at 7000 must be open/],
      ['a shut Redis', edited('"port":6379,"protocol"', '"port":6378,"protocol"'), /api → redis at 6379 must be open/],
      ['no names', edited('"port":53,"protocol":"UDP"', '"port":54,"protocol":"UDP"'), /at 53 must be open/],
      ['another collector', edited('.svc:4318', '.svc:4317'), /at 4317 must be open/],
      ['no way to the API server', edited('"port":6443', '"port":6444'), /api → .* at 6443 must be open/],
      [
        'scrapes from nowhere',
        edited('"wagehood.io/scrape":"true"', '"x":"y"'),
        /Prometheus → api at 9000 must be open/,
      ],
      ['no clients', edited('"port":"http","protocol"', '"port":"x","protocol"'), /→ api at 8000 must be open/],
      [
        'no providers',
        edited('"cidr":"0.0.0.0/0"', '"cidr":"192.0.2.0/24"'),
        /ingestion → the world at 443 must be open/,
      ],
      ['private addresses', edited('"10.0.0.0/8"', '"11.0.0.0/8"'), /alerting → a private address at 80 must be shut/],
      [
        'a Redis for everybody',
        edited(/"from":\[\{"podSelector":[^\]]*\],"ports":\[\{"port":6379/g, '"ports":[{"port":6379'),
        /a pod of another namespace → redis at 6379 must be shut/,
      ],
    ],
  },
  security: {
    find: securityFaults,
    cases: [
      ['root', edited('"runAsNonRoot":true', '"runAsNonRoot":false'), /must not run as root/],
      ['capabilities', edited('"drop":["ALL"]', '"drop":[]'), /must drop all capabilities/],
      ['a place to write', edited('"readOnlyRootFilesystem":true', '"readOnlyRootFilesystem":false'), /must not write/],
      ['no limit', edited('"limits":{"memory":"512Mi"}', '"limits":{}'), /limit of memory/],
      ['no tag', edited('wagehood/api:', 'wagehood/api-'), /image with a tag/],
      ['a token', edited('"automountServiceAccountToken":false', '"automountServiceAccountToken":true'), /token/],
    ],
  },
  tokens: {
    find: securityFaults,
    whole: fleet,
    cases: [
      [
        'a token of an account that may write',
        edited('"resources":["pods"],"verbs":["get","list","watch"]', '"resources":["pods"],"verbs":["delete"]'),
        /^Deployment\/api: must not get a token/m,
      ],
      [
        'a token of another service',
        edited('"automountServiceAccountToken":false', '"automountServiceAccountToken":true'),
        /^Deployment\/alerting: must not get a token/m,
      ],
    ],
  },
  rights: {
    find: rightsFaults,
    whole: fleet,
    cases: [
      ['other kinds', edited('"resources":["pods"]', '"resources":["secrets"]'), /Role\/fleet-view: allows more/],
      ['other verbs', edited('"verbs":["get","list","watch"]', '"verbs":["*"]'), /Role\/fleet-view: allows more/],
      ['a scaler of everything', edited(/"resourceNames":\[[^\]]*\],/g, ''), /Role\/fleet-scaler: allows more/],
      ['a scaler of others', edited('"alerting","api"],', '"alerting","redis"],'), /Role\/fleet-scaler: allows more/],
      [
        'rights everywhere',
        edited('"kind":"Role"', '"kind":"ClusterRole"'),
        /ClusterRole\/fleet-view: rights must end/,
      ],
      [
        'an account that is not there',
        edited('"kind":"ServiceAccount","name":"fleet-scaler"', '"kind":"ServiceAccount","name":"x"'),
        /RoleBinding\/fleet-scaler: account x is missing/,
      ],
    ],
  },
  environment: {
    find: environmentFaults,
    cases: [
      ['a variable that nobody reads', edited('"LOG_LEVEL"', '"LOGGING"'), /alerting does not read LOGGING/],
      [
        'a variable of another service',
        edited('"name":"HEALTH_PORT"', '"name":"API_PORT"'),
        /ingestion does not read API_PORT/,
      ],
      ['a value that is refused', edited('"PARTITIONS":"16"', '"PARTITIONS":"0"'), /PARTITIONS: "0" is not valid/],
    ],
  },
};

describe.each(Object.entries(bad))('the check of %s', (_, { find, whole = dev, cases }) => {
  it('finds nothing in the dev overlay', () => {
    expect(find(JSON.parse(whole) as Manifest[])).toEqual([]);
  }, 60_000);

  it.each(cases)(
    'finds %s',
    (_what, edit, fault) => {
      expect(find(broken(edit, whole)).join('\n')).toMatch(fault);
    },
    60_000,
  );
});

it('refuses YAML that says a key twice', () => {
  expect(() => readManifests('kind: A\nkind: B\n')).toThrow(/unique/);
});

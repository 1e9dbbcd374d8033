import {
  apiEnv,
  configFileEnv,
  defineEnv,
  fragment,
  healthEnv,
  integer,
  logEnv,
  monitoringEnv,
  oneOf,
  partitionsEnv,
  redisEnv,
  secretVariable,
  settingsEnv,
  text,
  tracingEnv,
  variable,
  type EnvOf,
} from '@wagehood/config';
import { apiKeyKind } from './auth/admin-key';

/** What protects the API from its clients. */
const limitsEnv = fragment({
  requests: variable(
    'API_RATE_LIMIT',
    integer(0, 10_000_000),
    'requests per window and key (or address); 0: no limit; default 6000, and none with API_AUTH=off',
  ),
  windowSeconds: variable('API_RATE_WINDOW', integer(1, 86_400), 'length of the window, seconds', 60),
  failures: variable('API_AUTH_FAILURES', integer(1, 1_000_000), 'refused keys per window and address', 30),
  bodyBytes: variable('API_BODY_LIMIT', integer(1_024, 67_108_864), 'largest request body, bytes', 1_048_576),
  streams: variable('API_MAX_STREAMS', integer(1, 100_000), 'clients of /stream at the same time', 1_000),
  proxyHops: variable('API_TRUST_PROXY', integer(0, 10), 'proxies in front whose X-Forwarded-For is believed', 0),
});

/** Where Kubernetes is; a pod finds all but KUBERNETES in its environment. */
const kubernetesEnv = fragment({
  mode: variable(
    'KUBERNETES',
    oneOf('auto', 'on', 'off'),
    'ask Kubernetes for Deployments and pods; auto: with a token',
    'auto',
  ),
  host: variable('KUBERNETES_SERVICE_HOST', text('a host name or address'), 'its API; set by Kubernetes'),
  port: variable('KUBERNETES_SERVICE_PORT', integer(1, 65_535), 'port of its API; set by Kubernetes', 443),
  folder: variable(
    'KUBERNETES_ACCOUNT',
    text('a path'),
    'folder with ca.crt, namespace and token of the service account',
  ),
});

const adminKeyEnv = fragment(
  { key: secretVariable('API_ADMIN_KEY', apiKeyKind, 'a key that may do everything, for as long as it stands here') },
  ({ key }) => key,
);

export const apiServiceEnv = defineEnv({
  redis: redisEnv,
  partitions: partitionsEnv,
  health: healthEnv(9005),
  log: logEnv,
  monitoring: monitoringEnv,
  tracing: tracingEnv,
  api: apiEnv,
  limits: limitsEnv,
  adminKey: adminKeyEnv,
  kubernetes: kubernetesEnv,
  overrides: settingsEnv,
  configFile: configFileEnv,
});

export type ApiEnv = EnvOf<typeof apiServiceEnv>;

/** What the `keys` command needs. */
export const keysEnv = defineEnv({ redis: redisEnv, log: logEnv });

import { fragment, variable } from './fragment';
import { anyPort, boolean, integer, logLevel, oneOf, text } from './kinds';

export interface HealthSettings {
  readonly port: number;
  /** Undefined: every address, IPv4 and IPv6. */
  readonly host: string | undefined;
}

/** HEALTH_PORT, of which each service has a default of its own, and HEALTH_HOST. */
export const healthEnv = (defaultPort: number) =>
  fragment({
    port: variable('HEALTH_PORT', anyPort, 'port of /livez /readyz /metrics; 0 = any free one', defaultPort),
    host: variable('HEALTH_HOST', text('a host name or address'), 'address that they listen on; default: every one'),
  });

export type LogLevel = 'error' | 'warn' | 'info' | 'debug';

/** LOG_LEVEL. */
export const logEnv = fragment({
  level: variable('LOG_LEVEL', logLevel, 'least important level that is logged', 'info'),
});

/** PARTITIONS: fixed at first start, stored in Redis. */
export const partitionsEnv = fragment(
  { partitions: variable('PARTITIONS', integer(1, 1024), 'number of partitions; fixed at first start', 16) },
  ({ partitions }) => partitions,
);

/** ENABLE_MONITORING: whether /metrics is served. */
export const monitoringEnv = fragment(
  { enabled: variable('ENABLE_MONITORING', boolean, 'serve /metrics', true) },
  ({ enabled }) => enabled,
);

/** API_HOST (undefined: every address, IPv4 and IPv6), API_PORT, API_AUTH. Without authentication the API listens on loopback only. */
export const apiEnv = fragment(
  {
    host: variable('API_HOST', text('a host name or address'), 'address that the API listens on; default: every one'),
    port: variable('API_PORT', anyPort, 'port of the API; 0 = any free one', 8000),
    auth: variable('API_AUTH', oneOf('on', 'off'), 'off: no API keys, and loopback only', 'on'),
  },
  ({ host, port: apiPort, auth }, faults) => {
    const loopback = host === undefined || /^(localhost|127\.\d+\.\d+\.\d+|::1)$/.test(host);
    if (auth === 'off' && !loopback) {
      faults.push({ path: 'API_AUTH', message: `off is refused on ${host}`, expected: 'API_HOST=127.0.0.1' });
    }
    return { host: host ?? (auth === 'off' ? '127.0.0.1' : undefined), port: apiPort, auth: auth === 'on' };
  },
);

/** CONFIG_FILE: path of the settings file, JSON. */
export const configFileEnv = fragment(
  { path: variable('CONFIG_FILE', text('a path'), 'settings file, JSON') },
  ({ path }) => path,
);

/** LOG_FILE: where the local runner writes the log of all services. */
export const logFileEnv = fragment({ path: variable('LOG_FILE', text('a path'), 'log file') }, ({ path }) => path);

import { formatFault } from '../fault';
import { loadEnv, type EnvSource } from './load-env';
import { apiEnv, configFileEnv, healthEnv, logFileEnv } from './service-env';

const load = (source: EnvSource) => {
  const schema = { api: apiEnv, health: healthEnv(9005), config: configFileEnv, logFile: logFileEnv };
  const result = loadEnv(schema, source, () => '');
  return result.ok ? result.value : result.faults.map(formatFault);
};

describe('apiEnv', () => {
  it('listens everywhere with authentication, and on loopback without', () => {
    expect(load({})).toMatchObject({ api: { host: undefined, port: 8000, auth: true }, health: { host: undefined } });
    expect(load({ API_AUTH: 'off' })).toMatchObject({ api: { host: '127.0.0.1', auth: false } });
    expect(load({ API_AUTH: 'off', API_HOST: '::1' })).toMatchObject({ api: { host: '::1', auth: false } });
  });

  it.each(['0.0.0.0', '::', '10.0.0.1', 'localhost.evil.example', '127.0.0.1.evil.example'])(
    'refuses API_AUTH=off on %s',
    (host) => {
      expect(load({ API_AUTH: 'off', API_HOST: host })).toEqual([
        `API_AUTH: off is refused on ${host} (expected API_HOST=127.0.0.1)`,
      ]);
    },
  );
});

it('reads paths and ports', () => {
  expect(load({ CONFIG_FILE: './c.json', LOG_FILE: 'x.log', HEALTH_PORT: '0' })).toMatchObject({
    config: './c.json',
    logFile: 'x.log',
    health: { port: 0 },
  });
});

import fc from 'fast-check';
import { formatFaults } from '../fault';
import { settingsEnv } from '../resolve/overrides';
import { fragment, secretVariable, variable } from './fragment';
import { integer, text } from './kinds';
import { defineEnv, loadEnv, variablesOf, type EnvSource } from './load-env';
import { redisEnv } from './redis-env';
import { apiEnv, healthEnv, logEnv, monitoringEnv, partitionsEnv } from './service-env';

const noFile = (path: string): string => {
  throw new Error(`ENOENT: ${path}`);
};
const everything = defineEnv({
  redis: redisEnv,
  health: healthEnv(9001),
  log: logEnv,
  api: apiEnv,
  partitions: partitionsEnv,
  monitoring: monitoringEnv,
  settings: settingsEnv,
});
const load = (source: EnvSource, readText = noFile) => loadEnv(everything, source, readText);

const faultsOf = (source: EnvSource, readText = noFile) => {
  const result = load(source, readText);
  return result.ok ? '' : formatFaults(result.faults, 'environment');
};

describe('loadEnv', () => {
  it('has a default for everything', () => {
    expect(load({})).toEqual({
      ok: true,
      value: {
        redis: { host: 'localhost', port: 6379 },
        health: { port: 9001, host: undefined },
        log: { level: 'info' },
        api: { host: undefined, port: 8000, auth: true },
        partitions: 16,
        monitoring: true,
        settings: {},
      },
    });
  });

  it('honours every variable', () => {
    const result = load({
      REDIS_HOST: 'redis.internal',
      REDIS_PORT: '6380',
      HEALTH_PORT: '0',
      LOG_LEVEL: 'DEBUG',
      API_PORT: '0',
      PARTITIONS: '64',
      WATCHLIST_SYMBOLS: ' spy, btc/usd ',
      DATA_UPDATE_INTERVAL: '0.25',
      DATA_PROVIDER: './my-provider.cjs',
      CALCULATION_WORKERS: '2',
      MAX_CONCURRENT_CALCULATIONS: '7',
      BATCH_CALCULATION_SIZE: '20',
      REDIS_STREAMS_MAXLEN: '5000',
      ENABLE_MONITORING: 'false',
      ENABLE_ALERTS: 'no',
    });
    expect(result).toMatchObject({
      ok: true,
      value: {
        redis: { host: 'redis.internal', port: 6380 },
        health: { port: 0 },
        log: { level: 'debug' },
        partitions: 64,
        monitoring: false,
        settings: {
          symbols: ['SPY', 'BTC-USD'],
          updateIntervalSeconds: 0.25,
          dataProvider: './my-provider.cjs',
          workers: 2,
          maxConcurrentCalculations: 7,
          batchCalculationSize: 20,
          streamsMaxlen: 5000,
          enableMonitoring: false,
          enableAlerts: false,
        },
      },
    });
  });

  it('is frozen all the way down', () => {
    const result = load({ REDIS_SENTINELS: 'a:1,b:2', REDIS_SENTINEL_NAME: 'main' });
    if (!result.ok) throw new Error('refused');
    expect(Object.isFrozen(result.value)).toBe(true);
    expect(Object.isFrozen(result.value.redis.sentinels?.[0])).toBe(true);
  });

  it('lists everything that is wrong at once', () => {
    const source = {
      DATA_UPDATE_INTERVAL: 'fast',
      CALCULATION_WORKERS: '0',
      REDIS_PORT: 'tcp://10.0.0.7:6379',
      REDIS_URL: 'http://user:hunter2@host',
      REDIS_PASSWORD_FILE: '/run/secrets/none',
      REDIS_HSOT: 'x',
      WATCHLIST_SYMBOLS: 'SPY,../x',
    };
    expect(faultsOf(source)).toBe(
      [
        'environment: 7 faults',
        '  - REDIS_URL: is not valid (expected redis://, rediss:// or unix:///path)',
        '  - REDIS_PORT: "tcp://10.0.0.7:6379" is not valid (expected a whole number from 1 to 65535; ' +
          'a Kubernetes service link is in the way: set enableServiceLinks: false)',
        '  - REDIS_PASSWORD_FILE: cannot be read: ENOENT: /run/secrets/none',
        '  - WATCHLIST_SYMBOLS: "SPY,../x" is not valid (expected symbols such as SPY,QQQ,BTC-USD)',
        '  - DATA_UPDATE_INTERVAL: "fast" is not valid (expected a number from 0.05 to 86400)',
        '  - CALCULATION_WORKERS: "0" is not valid (expected a whole number from 1 to 64)',
        '  - REDIS_HSOT: is not known; did you mean REDIS_HOST?',
      ].join('\n'),
    );
  });

  it('reads secrets from files, and refuses both at once', () => {
    const files = (path: string) => (path === '/run/pw' ? 'from file\n' : noFile(path));
    expect(load({ REDIS_PASSWORD_FILE: '/run/pw' }, files)).toMatchObject({
      value: { redis: { password: 'from file' } },
    });
    expect(faultsOf({ REDIS_PASSWORD_FILE: '/run/pw', REDIS_PASSWORD: 'x' }, files)).toContain(
      'REDIS_PASSWORD_FILE: is set as well as REDIS_PASSWORD (expected one of the two)',
    );
  });

  it('treats blank as not set', () => {
    expect(load({ REDIS_PORT: '', LOG_LEVEL: '  ' })).toEqual(load({}));
  });

  it('has each variable once, however many fragments name it', () => {
    const names = variablesOf(everything).map(({ name }) => name);
    expect(new Set(names).size).toBe(names.length);
    expect(names).toContain('ENABLE_MONITORING');
  });

  it('lets foreign variables alone', () => {
    const foreign = {
      APP_HOST: 'x',
      HEALTH_PATH: '/x',
      REDIS_PORT_6379_TCP: 'x',
      REDIS_USER: 'x',
      PATH: '/bin',
      HOST: 'y',
    };
    expect(load(foreign).ok).toBe(true);
  });

  it('never throws and never repeats a secret', () => {
    const names = variablesOf(everything).flatMap(({ name, secret }) => (secret ? [name, `${name}_FILE`] : [name]));
    const value = fc.oneof(fc.string(), fc.constantFrom('1', 'true', 'a:1', '-----BEGIN X', 'unix:///x'));
    const source = fc.dictionary(fc.constantFrom(...names), value);
    fc.assert(
      fc.property(source, (env) => {
        const secret = 'zq7-secret-zq7';
        const result = load({ ...env, REDIS_URL: `ftp://u:${secret}@h`, REDIS_TLS_KEY: secret });
        expect(result.ok).toBe(false);
        expect(JSON.stringify(result)).not.toContain(secret);
      }),
    );
  });
});

describe('a fragment of your own', () => {
  const mine = fragment({
    file: variable('REPLAY_FILE', text('a path'), 'what to replay'),
    speed: variable('REPLAY_SPEED', integer(1, 100), 'times faster', 1),
    token: secretVariable('REPLAY_TOKEN', text(), 'a secret'),
  });

  it('gives its values under its own keys', () => {
    const result = loadEnv({ replay: mine }, { REPLAY_FILE: 'a.csv' }, noFile);
    expect(result).toEqual({ ok: true, value: { replay: { file: 'a.csv', speed: 1, token: undefined } } });
  });

  it('is protected from typos as well', () => {
    const result = loadEnv({ replay: mine }, { REPLAY_FILES: 'a.csv' }, noFile);
    expect(result).toEqual({
      ok: false,
      faults: [{ path: 'REPLAY_FILES', message: 'is not known; did you mean REPLAY_FILE?' }],
    });
  });
});

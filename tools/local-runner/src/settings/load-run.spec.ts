import { createCatalog } from '@wagehood/indicators';
import { createStrategyCatalog } from '@wagehood/strategies';
import { parseFlags } from '../cli/flags';
import { loadRun } from './load-run';

const catalogs = { indicators: createCatalog(), strategies: createStrategyCatalog() };

function load(argv: string, environment: Record<string, string> = {}, files: Record<string, string> = {}) {
  const parsed = parseFlags(argv.split(' ').filter(Boolean));
  if (!parsed.ok) throw new Error('bad flags in the test itself');
  const readText = (path: string) => {
    const text = files[path];
    if (text === undefined) throw new Error('no such file');
    return text;
  };
  return loadRun({ flags: parsed.flags, environment, readText, catalogs, root: '/repo' });
}

const value = (...args: Parameters<typeof load>) => {
  const run = load(...args);
  if (!run.ok) throw new Error(run.faults.map(({ path, message }) => `${path} ${message}`).join('; '));
  return run.value;
};
const faults = (...args: Parameters<typeof load>) => {
  const run = load(...args);
  return run.ok ? [] : run.faults.map(({ path }) => path);
};
const symbols = (run: ReturnType<typeof value>) => run.settings.watchlist.map(({ symbol }) => symbol);

describe('loadRun', () => {
  it('needs nothing: mock data of three symbols, four workers, no keys on loopback', () => {
    const run = value('');
    expect(symbols(run)).toEqual(['SPY', 'QQQ', 'IWM']);
    expect(run.settings.system).toMatchObject({ data_provider: 'mock', calculation_workers: 4 });
    expect(run.env.api).toEqual({ host: '127.0.0.1', port: 8000, auth: false });
    expect(run.isReplay).toBe(false);
  });

  it('lets a flag win over the environment, the environment over the file, the file over the default', () => {
    const files = { 'settings.json': '{"system":{"calculation_workers":7,"batch_calculation_size":77}}' };
    const argv = '--workers 2 --config-file settings.json';
    const run = value(argv, { CALCULATION_WORKERS: '5', BATCH_CALCULATION_SIZE: '55' }, files);
    expect(run.settings.system).toMatchObject({
      calculation_workers: 2,
      batch_calculation_size: 55,
      max_concurrent_calculations: 100,
    });
    const { origins } = JSON.parse(run.description) as { origins: Record<string, string> };
    expect(origins).toMatchObject({
      'system.calculation_workers': 'flag',
      'system.batch_calculation_size': 'environment',
      'system.max_concurrent_calculations': 'default',
    });
  });

  it('hands flags on to the services as variables', () => {
    const { environment } = value('--symbols SPY,btc/usd --update-interval 0.25 --log-level debug', {
      HOME: '/home/me',
    });
    expect(environment).toMatchObject({
      HOME: '/home/me',
      WATCHLIST_SYMBOLS: 'SPY,btc/usd',
      DATA_UPDATE_INTERVAL: '0.25',
      LOG_LEVEL: 'debug',
    });
  });

  it('names everything that is wrong at once, by the name that was typed', () => {
    const environment = { REDIS_PORT: 'many', CALCULATION_WORKERS: '2' };
    expect(faults('--workers none --log-level loud --config-file gone.json', environment).sort()).toEqual(
      ['--workers', 'LOG_LEVEL', 'REDIS_PORT', 'gone.json'].sort(),
    );
  });

  it('refuses a strategy that needs an unknown indicator, without a stack trace', () => {
    const files = { 'a.json': '{"strategies":[{"name":"macd_rsi_strategy","required_indicators":["nope"]}]}' };
    const run = load('--config-file a.json', {}, files);
    expect(run).toMatchObject({ ok: false, faults: [{ message: expect.stringContaining('nope') }] });
  });

  it('keeps keys on when the API is to be reached from outside', () => {
    expect(value('', { API_HOST: '0.0.0.0' }).env.api.auth).toBe(true);
    expect(faults('', { API_HOST: '0.0.0.0', API_AUTH: 'off' })).toEqual(['API_AUTH']);
  });

  it('masks passwords in what it shows', () => {
    const { description } = value('', { REDIS_URL: 'redis://me:secret-word@redis:6379', REDIS_PASSWORD: 'other-word' });
    expect(description).toContain('redis:6379');
    expect(description).not.toMatch(/secret-word|other-word/);
  });

  it('plays the S&P 500 that comes with the dependencies', () => {
    const run = value('--data-provider replay --symbols SPX');
    expect(run.isReplay).toBe(true);
    expect(run.environment['REPLAY_FILES']).toBe('SPX=/repo/node_modules/vega-datasets/data/sp500-2000.csv');
  });

  it('plays the files of the user and nothing else', () => {
    const run = value('--data-provider replay --symbols MSFT', { REPLAY_FILES: 'MSFT=a.csv' });
    expect(run.environment['REPLAY_FILES']).toBe('MSFT=a.csv');
  });

  it('refuses a replay without a recording', () => {
    expect(faults('--data-provider replay --symbols SPX,MSFT')).toEqual(['MSFT']);
  });
});

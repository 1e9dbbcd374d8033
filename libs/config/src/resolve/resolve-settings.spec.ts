import { createCatalog } from '@wagehood/indicators';
import { createStrategyCatalog } from '@wagehood/strategies';
import fc from 'fast-check';
import { formatFaults } from '../fault';
import { parseSettings, readSettingsFile, resolveSettings, type SettingsSources } from './resolve-settings';

const catalogs = { indicators: createCatalog(), strategies: createStrategyCatalog() };
const resolve = (sources: SettingsSources) => resolveSettings(sources, catalogs);

const settingsOf = (sources: SettingsSources) => {
  const result = resolve(sources);
  if (!result.ok) throw new Error(formatFaults(result.faults));
  return result;
};
const faultsOf = (file: unknown) => {
  const result = parseSettings(file, catalogs);
  return result.ok
    ? []
    : formatFaults(result.faults)
        .split('\n')
        .slice(1)
        .map((line) => line.replace('  - ', ''));
};
const warnings = (file: unknown) => settingsOf({ file }).warnings.map(({ path, message }) => `${path}: ${message}`);

describe('defaults', () => {
  it('are complete and pass every check', () => {
    const { settings, warnings: none } = settingsOf({});
    expect(none).toEqual([]);
    expect(settings.watchlist.map(({ symbol }) => symbol)).toEqual(['SPY', 'QQQ', 'IWM']);
    expect(settings.indicators.map(({ name }) => name)).toEqual([
      'sma_50',
      'sma_200',
      'ema_12',
      'ema_26',
      'rsi_14',
      'macd',
      'bollinger_bands',
    ]);
    expect(settings.strategies.map(({ name }) => name)).toEqual([
      'macd_rsi_strategy',
      'ma_crossover_strategy',
      'rsi_trend_strategy',
      'bollinger_breakout_strategy',
      'sr_breakout_strategy',
    ]);
    expect(settings.indicators.every(({ enabled, ttl_seconds: ttl }) => enabled && ttl === 300)).toBe(true);
    expect(settings.strategies.every(({ enabled, ttl_seconds: ttl }) => enabled && ttl === 600)).toBe(true);
    expect(settings.alerts).toMatchObject({
      channels: { console: { type: 'console' } },
      rules: [{ name: 'all-signals' }],
    });
    expect(settings.system).toEqual({
      max_concurrent_calculations: 100,
      batch_calculation_size: 10,
      data_update_interval_seconds: 1,
      calculation_workers: 4,
      redis_streams_maxlen: 10_000,
      enable_monitoring: true,
      enable_alerts: true,
      data_provider: 'mock',
    });
  });

  it('fill in what an entry leaves out', () => {
    const { settings } = settingsOf({ file: { watchlist: [{ symbol: 'btc/usd' }], strategies: [] } });
    expect(settings.watchlist).toEqual([
      { symbol: 'BTC-USD', enabled: true, data_provider: null, timeframes: [], priority: 1 },
    ]);
  });
});

describe('precedence', () => {
  it('is flag > environment > file > default, setting by setting', () => {
    const { settings, origins } = settingsOf({
      flags: { workers: 1 },
      env: { workers: 2, updateIntervalSeconds: 2, symbols: ['TSLA'] },
      file: {
        system: { calculation_workers: 3, data_update_interval_seconds: 3, batch_calculation_size: 3 },
        watchlist: [{ symbol: 'AAPL' }],
      },
    });
    expect(settings.system).toMatchObject({
      calculation_workers: 1,
      data_update_interval_seconds: 2,
      batch_calculation_size: 3,
      redis_streams_maxlen: 10_000,
    });
    expect(settings.watchlist.map(({ symbol }) => symbol)).toEqual(['TSLA']);
    expect(origins).toMatchObject({
      'system.calculation_workers': 'flag',
      'system.data_update_interval_seconds': 'environment',
      'system.batch_calculation_size': 'file',
      'system.redis_streams_maxlen': 'default',
      watchlist: 'environment',
      indicators: 'default',
    });
  });

  it('an empty watchlist in the file is fine when the environment has one', () => {
    expect(resolve({ file: { watchlist: [] }, env: { symbols: ['SPY'] } }).ok).toBe(true);
  });
});

describe('shape', () => {
  it('lists everything that is wrong, in words', () => {
    const file = {
      indicator: [],
      indicators: [{ name: 'sma_50', enable: false, ttl_seconds: 0 }, { enabled: true }, 'rsi_14'],
      strategies: [{ name: 'Macd RSI', parameters: { rsi_oversold: true } }],
      system: { calculation_workers: 2.5, data_update_interval_seconds: '1', enable_alerts: 'yes' },
      watchlist: [{ symbol: 'S P Y', timeframes: ['2m'], priority: 11 }],
      alerts: {
        channels: {
          Ops: { type: 'console' },
          hook: { type: 'webhook', url: 'ftp://x:hunter2@y' },
          mail: { type: 'mail' },
        },
        rules: [{ name: 'r', channels: [], match: { min_confidence: 2, side: 'buy' } }],
      },
      sessions: [{ name: 'nyse', symbols: ['SPY'], timezone: 'America/New_York', open: '9:30', close: '16:00' }],
    };
    expect(faultsOf(file)).toEqual([
      'indicators[0].ttl_seconds: 0 is not valid (expected at least 1)',
      'indicators[0].enable: is not known; did you mean enabled?',
      'indicators[1].name: is missing (expected a string)',
      'indicators[2]: "rsi_14" is not valid (expected an object)',
      'strategies[0].name: "Macd RSI" is not valid (expected lower-case letters, digits, "_" or "-", starting with a letter)',
      'strategies[0].parameters.rsi_oversold: true is not valid (expected a number or a string)',
      'system.data_update_interval_seconds: "1" is not valid (expected a number)',
      'system.calculation_workers: 2.5 is not valid (expected a whole number)',
      'system.enable_alerts: "yes" is not valid (expected true or false)',
      'watchlist[0].symbol: "S P Y" is not valid (expected a symbol such as SPY or BTC-USD)',
      'watchlist[0].timeframes[0]: "2m" is not valid (expected one of 1s, 5s, 1m, 5m, 15m, 30m, 1h, 4h, 1d, 1w)',
      'watchlist[0].priority: 11 is not valid (expected at most 10)',
      'alerts.channels.Ops: is not a valid name (expected lower-case letters, digits, "_" or "-", starting with a letter)',
      'alerts.channels.hook.url: is not valid (expected an http:// or https:// URL)',
      'alerts.channels.mail.type: "mail" is not valid (expected console, webhook or email)',
      'alerts.rules[0].match.min_confidence: 2 is not valid (expected at most 1)',
      'alerts.rules[0].match.side: is not known; did you mean sides?',
      'alerts.rules[0].channels: [] is not valid (expected at least 1 entry)',
      'sessions[0].open: "9:30" is not valid (expected a time of day such as 09:30)',
      'indicator: is not known; did you mean indicators?',
    ]);
    expect(JSON.stringify(faultsOf(file))).not.toContain('hunter2');
  });

  it.each([
    [null, 'settings: null is not valid (expected an object)'],
    [[], 'settings: [] is not valid (expected an object)'],
    ['x', 'settings: "x" is not valid (expected an object)'],
    [undefined, 'settings: are missing (expected an object)'],
  ])('%j is no settings file', (file, fault) => expect(faultsOf(file)).toEqual([fault]));
});

const MAIL = { type: 'email', host: 'mail.example.com', from: 'wagehood@example.com', to: ['desk@example.com'] };

describe('the parts together', () => {
  it.each<[string, object, string[]]>([
    ['empty watchlist', { watchlist: [] }, ['watchlist: is empty (expected at least one symbol)']],
    [
      'no enabled symbol',
      { watchlist: [{ symbol: 'SPY', enabled: false }] },
      ['watchlist: has no enabled symbol (expected at least one with "enabled": true)'],
    ],
    [
      'a channel with two secrets',
      {
        alerts: {
          channels: { hook: { type: 'webhook', url: 'https://h/', secret: 's', secret_env: 'ALERT_SECRET_HOOK' } },
          rules: [],
        },
      },
      ['alerts.channels.hook.secret_env: is set as well as secret (expected one of the two)'],
    ],
    [
      'mail channels that could not log in, or only in the clear',
      {
        alerts: {
          channels: {
            nameless: { ...MAIL, password_env: 'ALERT_SECRET_MAIL' },
            silent: { ...MAIL, username: 'desk' },
            clear: { ...MAIL, username: 'desk', password_env: 'ALERT_SECRET_MAIL', security: 'none' },
            fine: { ...MAIL, username: 'desk', password_env: 'ALERT_SECRET_MAIL' },
            local: { ...MAIL, security: 'none' },
          },
          rules: [],
        },
      },
      [
        'alerts.channels.nameless.username: is missing beside password_env',
        'alerts.channels.silent.password_env: is missing beside username',
        'alerts.channels.clear.security: "none" would send the password in the clear (expected starttls or tls)',
      ],
    ],
    [
      'a strategy whose indicator is disabled',
      {
        indicators: [{ name: 'macd' }, { name: 'rsi_14', enabled: false }],
        strategies: [{ name: 'macd_rsi_strategy' }],
      },
      ['strategies[0] macd_rsi_strategy: needs indicator rsi_14, which is disabled (expected rsi_14 enabled)'],
    ],
    [
      'a strategy whose indicator does not exist',
      { indicators: [{ name: 'sma_50' }], strategies: [{ name: 'ma_crossover_strategy' }] },
      [
        'strategies[0] ma_crossover_strategy: needs indicator sma (period 200), which is not among the indicators ' +
          '(expected an indicator sma (period 200))',
      ],
    ],
    [
      'a required indicator that is not there',
      { strategies: [{ name: 'sr_breakout_strategy', required_indicators: ['atr_14'] }] },
      [
        'strategies[0] sr_breakout_strategy.required_indicators: atr_14 is not among the indicators ' +
          '(expected atr_14 enabled, or not required)',
      ],
    ],
    [
      'duplicates',
      {
        indicators: [{ name: 'sma_50' }, { name: 'sma_50' }],
        strategies: [],
        watchlist: [{ symbol: 'btc/usd' }, { symbol: 'BTC-USD' }],
      },
      [
        'watchlist[1]: BTC-USD is there already, as watchlist[0]',
        'indicators[1]: sma_50 is there already, as indicators[0]',
      ],
    ],
    [
      'a rule that names what does not exist',
      {
        strategies: [{ name: 'sr_breakout_strategy' }],
        alerts: { rules: [{ name: 'r', channels: ['consol'], match: { strategies: ['nothing'] } }] },
      },
      [
        'alerts.rules[0] r.channels: channel consol does not exist; did you mean console? (expected one of console)',
        'alerts.rules[0] r.match.strategies: strategy nothing does not exist (expected one of sr_breakout_strategy)',
      ],
    ],
    [
      'a rule that asks for what the things that it matches do not have',
      {
        alerts: {
          rules: [
            { name: 'a', channels: ['console'], match: { events: ['redis_memory'] } },
            { name: 'b', channels: ['console'], on: 'system', match: { sides: ['buy'], symbols: ['SPY'] } },
          ],
        },
      },
      [
        'alerts.rules[0] a.match.events: does not apply to a rule on signals (expected on: system)',
        'alerts.rules[1] b.match.sides: does not apply to a rule on system events (expected symbols or events)',
      ],
    ],
    [
      'an event that nobody raises',
      { alerts: { rules: [{ name: 'a', channels: ['console'], on: 'system', match: { events: ['redis_memry'] } }] } },
      [
        'alerts.rules[0].match.events[0]: "redis_memry" is not valid; did you mean redis_memory? (expected one of data_gap, dead_letter, symbol_stale, history_breaker_open, correction_refused, channel_breaker_open, stage_unowned, partition_stuck, redis_memory)',
      ],
    ],
  ])('refuses %s', (_what, file, faults) => expect(faultsOf(file).sort()).toEqual([...faults].sort()));

  it('refuses unknown indicators and strategies, and bad parameters, in the words of the catalogs', () => {
    const file = {
      indicators: [
        { name: 'smaa_50' },
        { name: 'rsi_14', parameters: { period: -1 } },
        { name: 'macd', parameters: { fast: 1 } },
      ],
      strategies: [
        { name: 'moon_strategy' },
        { name: 'ma_crossover_strategy', enabled: false, parameters: { fast: 'x' } },
      ],
    };
    expect(faultsOf(file)).toEqual([
      expect.stringContaining("indicators[0] smaa_50: unknown indicator 'smaa_50'"),
      expect.stringMatching(/^indicators\[1\] rsi_14: 'rsi_14' means period 14/),
      expect.stringMatching(/^indicators\[1\] rsi_14: parameter 'period' is -1/),
      expect.stringContaining("indicators[2] macd: unknown parameter 'fast'"),
      expect.stringContaining("strategies[0] moon_strategy: unknown strategy 'moon_strategy'"),
      expect.stringMatching(/^strategies\[1\] ma_crossover_strategy: /),
    ]);
  });

  it('allows a disabled strategy to need what is not there', () => {
    expect(faultsOf({ indicators: [], strategies: [{ name: 'macd_rsi_strategy', enabled: false }] })).toEqual([]);
  });

  it('warns of what is allowed and probably not meant', () => {
    expect(
      warnings({
        indicators: [],
        strategies: [],
        alerts: { rules: [{ name: 'r', channels: ['console'], match: { symbols: ['tsla', 'SPY'] } }] },
      }),
    ).toEqual([
      'indicators: nothing is enabled: bars are stored, nothing is computed',
      'strategies: nothing is enabled: there will be no signals',
      'alerts.rules[0] r.match.symbols: not watched: TSLA',
    ]);
    expect(warnings({ alerts: { rules: [] } })).toEqual(['alerts.rules: nothing is enabled: there will be no alerts']);
    expect(warnings({ alerts: { rules: [] }, system: { enable_alerts: false } })).toEqual([]);
  });
});

describe('laws', () => {
  it('settings resolve to themselves', () => {
    const { settings } = settingsOf({ env: { symbols: ['TSLA'], updateIntervalSeconds: 0.25 } });
    expect(settingsOf({ file: JSON.parse(JSON.stringify(settings)) }).settings).toEqual(settings);
  });

  it('whatever the file is, the answer is settings or a list of readable faults', () => {
    const { settings } = settingsOf({});
    const sections = fc.record(
      Object.fromEntries(
        Object.entries(settings).map(([name, value]) => [
          name,
          fc.oneof(fc.constant(value), fc.jsonValue(), fc.array(fc.jsonValue())),
        ]),
      ),
      { requiredKeys: [] },
    );
    fc.assert(
      fc.property(fc.oneof(fc.jsonValue(), sections), (file) => {
        const result = parseSettings(file, catalogs);
        if (result.ok) return;
        expect(result.faults.length).toBeGreaterThan(0);
        for (const { path, message } of result.faults) {
          expect(path).not.toBe('');
          expect(message).not.toMatch(/undefined|\[object|Invalid input/);
        }
      }),
      { numRuns: 500 },
    );
  });
});

describe('readSettingsFile', () => {
  it('reads JSON, with a byte order mark too', () => {
    expect(readSettingsFile('\uFEFF{"a":1}')).toEqual({ ok: true, file: { a: 1 } });
  });

  it('says where the JSON ends', () => {
    const result = readSettingsFile('{"watchlist": [}');
    expect(result.ok ? '' : formatFaults(result.faults)).toMatch(
      /^configuration: 1 fault\n {2}- settings file: is not JSON: /,
    );
  });
});

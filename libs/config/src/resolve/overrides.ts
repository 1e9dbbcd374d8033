import { parseSymbol } from '@wagehood/market';
import { fragment, variable } from '../env/fragment';
import { boolean, integer, list, number, text, type Kind } from '../env/kinds';
import { loaded, refused, type Fault, type Loaded } from '../fault';

/** Settings that came by environment or flag; absent = not said there. */
export interface SettingsOverrides {
  readonly symbols?: readonly string[] | undefined;
  readonly dataProvider?: string | undefined;
  readonly updateIntervalSeconds?: number | undefined;
  readonly workers?: number | undefined;
  readonly maxConcurrentCalculations?: number | undefined;
  readonly batchCalculationSize?: number | undefined;
  readonly streamsMaxlen?: number | undefined;
  readonly enableMonitoring?: boolean | undefined;
  readonly enableAlerts?: boolean | undefined;
}

const symbolKind: Kind<string> = { expected: 'a symbol', parse: (raw) => parseSymbol(raw) ?? undefined };

const symbols: Kind<readonly string[]> = list(symbolKind, 'symbols such as SPY,QQQ,BTC-USD');

/** Name in the environment, kind and meaning of every setting that has a variable. */
export const settingsVariables = {
  symbols: variable('WATCHLIST_SYMBOLS', symbols, 'symbols to watch (default SPY,QQQ,IWM)'),
  dataProvider: variable('DATA_PROVIDER', text('a provider'), 'mock, replay … or the path of a module (default mock)'),
  updateIntervalSeconds: variable(
    'DATA_UPDATE_INTERVAL',
    number(0.05, 86_400),
    'seconds between two updates of a symbol (default 1)',
  ),
  workers: variable('CALCULATION_WORKERS', integer(1, 64), 'workers that the local runner starts (default 4)'),
  maxConcurrentCalculations: variable(
    'MAX_CONCURRENT_CALCULATIONS',
    integer(1, 100_000),
    'batches in flight per worker (default 100)',
  ),
  batchCalculationSize: variable('BATCH_CALCULATION_SIZE', integer(1, 10_000), 'entries per read (default 10)'),
  streamsMaxlen: variable('REDIS_STREAMS_MAXLEN', integer(100, 100_000_000), 'bars kept per stream (default 10000)'),
  enableMonitoring: variable('ENABLE_MONITORING', boolean, 'serve /metrics (default true)'),
  enableAlerts: variable('ENABLE_ALERTS', boolean, 'send alerts (default true)'),
};

/** The settings that the environment says. */
export const settingsEnv = fragment(settingsVariables, (values): SettingsOverrides => values);

/** Command-line flags that are settings, and the setting (and so the variable) that each stands for. */
export const settingsFlags = {
  symbols: 'symbols',
  'data-provider': 'dataProvider',
  'update-interval': 'updateIntervalSeconds',
  workers: 'workers',
} as const satisfies Record<string, keyof SettingsOverrides>;

export type SettingsFlag = keyof typeof settingsFlags;

/** The variable of the environment that says the same as a flag: how the runner hands a flag on to the services. */
export const flagVariable = (flag: SettingsFlag): string => settingsVariables[settingsFlags[flag]].name;

/** Reads flag texts (`{ symbols: 'SPY,QQQ' }`); flags that are no settings are left alone. */
export function readSettingsFlags(
  flags: Readonly<Record<string, string | boolean | undefined>>,
): Loaded<SettingsOverrides> {
  const faults: Fault[] = [];
  const overrides: Record<string, unknown> = {};
  for (const [flag, key] of Object.entries(settingsFlags)) {
    const raw = flags[flag];
    if (raw === undefined) continue;
    const kind: Kind<unknown> = settingsVariables[key].kind;
    const value = typeof raw === 'string' ? kind.parse(raw.trim()) : undefined;
    if (value === undefined || raw === '') {
      faults.push({ path: `--${flag}`, message: `"${String(raw)}" is not valid`, expected: kind.expected });
    } else overrides[key] = value;
  }
  return faults.length > 0 ? refused(faults) : loaded(overrides);
}

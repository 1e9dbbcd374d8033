import { resolveIndicator, type IndicatorCatalog, type IndicatorInstance } from '@wagehood/indicators';
import { resolveStrategy, type StrategyCatalog, type StrategyInstance } from '@wagehood/strategies';
import type { Fault } from '../fault';
import type { Settings } from '../settings/settings';
import { checkChannels, checkRules } from './check-rules';
import { duplicates } from './duplicates';

/** The indicators and strategies that exist, built-in ones and extensions. */
export interface Catalogs {
  readonly indicators: IndicatorCatalog;
  readonly strategies: StrategyCatalog;
}

interface Found<T> {
  readonly name: string;
  readonly enabled: boolean;
  readonly instance: T;
}

/** Everything about complete settings that only shows when their parts are seen together. */
export function checkSettings(settings: Settings, catalogs: Catalogs): Fault[] {
  const faults: Fault[] = [...checkWatchlist(settings), ...checkNames(settings)];
  const indicators: Found<IndicatorInstance>[] = [];
  settings.indicators.forEach(({ name, enabled, parameters }, index) => {
    const result = resolveIndicator(catalogs.indicators, name, parameters);
    if (result.ok) indicators.push({ name, enabled, instance: result.instance });
    else faults.push(...result.faults.map((message) => ({ path: `indicators[${index}] ${name}`, message })));
  });
  settings.strategies.forEach(({ name, enabled, parameters, required_indicators: required }, index) => {
    const path = `strategies[${index}] ${name}`;
    const result = resolveStrategy(catalogs.strategies, name, parameters);
    if (!result.ok) faults.push(...result.faults.map((message) => ({ path, message })));
    if (!enabled) return;
    const needs = result.ok ? checkNeeds(path, result.instance, indicators) : [];
    // The file's list repeats what the definition says, usually: one fault is enough.
    faults.push(...(needs.length > 0 ? needs : checkRequired(path, required, settings)));
  });
  return [...faults, ...checkChannels(settings), ...checkRules(settings)];
}

function checkWatchlist({ watchlist }: Settings): Fault[] {
  if (watchlist.length === 0) return [{ path: 'watchlist', message: 'is empty', expected: 'at least one symbol' }];
  if (watchlist.some(({ enabled }) => enabled)) return [];
  return [{ path: 'watchlist', message: 'has no enabled symbol', expected: 'at least one with "enabled": true' }];
}

function checkNames({ indicators, strategies, watchlist, sessions, alerts }: Settings): Fault[] {
  const names = (entries: readonly { readonly name: string }[]) => entries.map(({ name }) => name);
  return [
    ...duplicates('indicators', names(indicators)),
    ...duplicates('strategies', names(strategies)),
    ...duplicates(
      'watchlist',
      watchlist.map(({ symbol }) => symbol),
    ),
    ...duplicates('alerts.rules', names(alerts.rules)),
    ...duplicates('sessions', names(sessions)),
  ];
}

/** What the definition itself reads, by id and parameters. */
function checkNeeds(
  path: string,
  { definition, params }: StrategyInstance,
  found: readonly Found<IndicatorInstance>[],
): Fault[] {
  return definition.needs(params).flatMap((need): Fault[] => {
    const fits = ({ instance }: Found<IndicatorInstance>) =>
      instance.definition.id === need.indicator &&
      Object.entries(need.params).every(([name, value]) => instance.params[name] === value);
    const candidates = found.filter(fits);
    if (candidates.some(({ enabled }) => enabled)) return [];
    const said = Object.entries(need.params).map(([name, value]) => `${name} ${value}`);
    const what = said.length > 0 ? `${need.indicator} (${said.join(', ')})` : need.indicator;
    const disabled = candidates[0];
    return disabled
      ? [{ path, message: `needs indicator ${disabled.name}, which is disabled`, expected: `${disabled.name} enabled` }]
      : [
          {
            path,
            message: `needs indicator ${what}, which is not among the indicators`,
            expected: `an indicator ${what}`,
          },
        ];
  });
}

/** What the file says that the strategy requires, by name. */
function checkRequired(path: string, required: readonly string[], { indicators }: Settings): Fault[] {
  return required.flatMap((name): Fault[] => {
    const entry = indicators.find((indicator) => indicator.name === name);
    if (entry?.enabled) return [];
    const why = entry ? 'is disabled' : 'is not among the indicators';
    return [
      { path: `${path}.required_indicators`, message: `${name} ${why}`, expected: `${name} enabled, or not required` },
    ];
  });
}

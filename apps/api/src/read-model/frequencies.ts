import type { Settings } from '@wagehood/config';

const DEFAULT_UPDATE_SECONDS = 1;
const DEFAULT_INDICATOR_TTL_SECONDS = 300;
const DEFAULT_STRATEGY_TTL_SECONDS = 600;

/** How often values may change for the outside, and how long they are shown; by name of indicator or strategy. */
export interface Frequencies {
  indicator(name: string): number;
  strategy(name: string): number;
  indicatorTtl(name: string): number;
  strategyTtl(name: string): number;
}

/** Look-ups over the settings of the moment; a name that was removed meanwhile has the defaults. */
export function frequenciesOf(settings: Pick<Settings, 'indicators' | 'strategies'>): Frequencies {
  const indicators = new Map(settings.indicators.map((indicator) => [indicator.name, indicator]));
  const strategies = new Map(settings.strategies.map((strategy) => [strategy.name, strategy]));
  return {
    indicator: (name) => indicators.get(name)?.update_frequency_seconds ?? DEFAULT_UPDATE_SECONDS,
    strategy: (name) => strategies.get(name)?.update_frequency_seconds ?? DEFAULT_UPDATE_SECONDS,
    indicatorTtl: (name) => indicators.get(name)?.ttl_seconds ?? DEFAULT_INDICATOR_TTL_SECONDS,
    strategyTtl: (name) => strategies.get(name)?.ttl_seconds ?? DEFAULT_STRATEGY_TTL_SECONDS,
  };
}

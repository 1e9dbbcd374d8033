import { builtinIndicators, createCatalog, type IndicatorCatalog } from '@wagehood/indicators';
import { builtinStrategies, createStrategyCatalog, type StrategyCatalog } from '@wagehood/strategies';
import { extensionIndicators, extensionStrategies } from './extensions';

/** Everything that this installation knows: what is built in and what is your own. Every service takes its catalogs from here. */
export const catalogs: { readonly indicators: IndicatorCatalog; readonly strategies: StrategyCatalog } = Object.freeze({
  indicators: createCatalog([...builtinIndicators, ...extensionIndicators]),
  strategies: createStrategyCatalog([...builtinStrategies, ...extensionStrategies]),
});

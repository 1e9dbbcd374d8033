import { builtinIndicators, createCatalog } from '@wagehood/indicators';
import { builtinStrategies, createStrategyCatalog } from '@wagehood/strategies';
import { testStrategyContract } from '@wagehood/strategies/testing';
import { previousBarBreak } from './examples/previous-bar-break';
import { extensionIndicators, extensionStrategies } from './index';

const catalog = createCatalog([...builtinIndicators, ...extensionIndicators]);

it('extensions and built-in definitions have different ids', () => {
  expect(catalog.definitions).toHaveLength(builtinIndicators.length + extensionIndicators.length);
  expect(createStrategyCatalog([...builtinStrategies, ...extensionStrategies]).definitions).toHaveLength(
    builtinStrategies.length + extensionStrategies.length,
  );
});

for (const definition of extensionStrategies) testStrategyContract(definition, { catalog });
testStrategyContract(previousBarBreak);

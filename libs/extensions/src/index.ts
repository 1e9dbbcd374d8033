export { catalogs } from './catalogs';
export { extensionIndicators, extensionStrategies } from './extensions';

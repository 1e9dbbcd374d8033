import { join } from 'node:path';
import { bundleService, type Bundle, type RunningService } from './run-bundle';

export type Fixture = RunningService;

/** Bundles the fixture service once; `run` starts it as a real process. `remove` deletes the bundle. */
export const bundleFixture = (): Bundle => bundleService(join(__dirname, 'fixture-service.ts'));

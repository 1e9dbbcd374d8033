export { bundleService, type Bundle, type RunningService } from './run-bundle';

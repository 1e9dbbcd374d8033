import { runService } from '@wagehood/service';
import { build } from './app';
import { env } from './env';

void runService({
  name: 'calculation-worker',
  component: 'CalculationEngine',
  environment: process.env,
  env,
  build,
});

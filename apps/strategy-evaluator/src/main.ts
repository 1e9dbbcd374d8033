import { runService } from '@wagehood/service';
import { build } from './app';
import { env } from './env';

void runService({
  name: 'strategy-evaluator',
  component: 'StrategyEvaluator',
  environment: process.env,
  env,
  build,
});

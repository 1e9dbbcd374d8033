import { runService } from '@wagehood/service';
import { buildIngestion } from './app';
import { ingestionEnv } from './env';

void runService({
  name: 'ingestion',
  component: 'MarketDataIngestion',
  environment: process.env,
  env: ingestionEnv,
  build: buildIngestion,
});

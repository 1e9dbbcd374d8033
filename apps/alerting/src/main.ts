import { runService } from '@wagehood/service';
import { buildAlerting } from './app';
import { alertingEnv } from './env';

void runService({
  name: 'alerting',
  component: 'AlertSystem',
  environment: process.env,
  env: alertingEnv,
  build: buildAlerting,
});

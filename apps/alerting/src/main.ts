import { namedSecrets } from '@wagehood/config';
import { runService } from '@wagehood/service';
import { readFileSync } from 'node:fs';
import { buildAlerting } from './app';
import { alertingEnv } from './env';

const secretOf = namedSecrets(process.env, (path) => readFileSync(path, 'utf8'));

void runService({
  name: 'alerting',
  component: 'AlertSystem',
  environment: process.env,
  env: alertingEnv,
  build: (deps) => buildAlerting(deps, secretOf),
});

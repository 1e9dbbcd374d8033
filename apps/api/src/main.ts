import { runService } from '@wagehood/service';
import { buildApi } from './app';
import { runKeys } from './auth/run-keys';
import { apiServiceEnv } from './env';

const [command, ...words] = process.argv.slice(2);
const environment = process.env;
if (command === 'keys') void runKeys(words, environment).then((code) => (process.exitCode = code));
else void runService({ name: 'api', component: 'Api', environment, env: apiServiceEnv, build: buildApi });

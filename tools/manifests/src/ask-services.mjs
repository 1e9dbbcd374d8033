// Reads [{service, environment}] as JSON and answers [{known, faults}], as apps/SERVICE/src/env.ts has it. A process of its own,
// since a tool does not import apps.
import { buildSync } from 'esbuild';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';

const questions = JSON.parse(readFileSync(0, 'utf8'));
const services = [...new Set(questions.map(({ service }) => service))];
const program = services
  .map((service, index) => `import * as app${index} from './apps/${service}/src/env.ts';`)
  .concat("export { loadEnv, variablesOf, formatFault } from '@wagehood/config';")
  .concat(`export const apps = [${services.map((_, index) => `app${index}`)}];`)
  .join('\n');
const { outputFiles } = buildSync({
  stdin: { contents: program, resolveDir: process.cwd(), loader: 'ts' },
  bundle: true,
  platform: 'node',
  format: 'cjs',
  write: false,
  tsconfig: 'tsconfig.base.json',
  loader: { '.lua': 'text' },
  logLevel: 'error',
});
const module = { exports: {} };
new Function('module', 'exports', 'require', outputFiles[0].text)(
  module,
  module.exports,
  createRequire(import.meta.url),
);
const { apps, loadEnv, variablesOf, formatFault } = module.exports;

const names = (schema) => variablesOf(schema).flatMap(({ name, secret }) => (secret ? [name, `${name}_FILE`] : [name]));
const report = (exported, environment) => {
  const schemas = Object.values(exported).filter((value) => typeof value === 'object' && 'redis' in value);
  // The schema of the service itself has a health port; others are those of its commands.
  const service = schemas.find((schema) => 'health' in schema);
  const { faults = [] } = loadEnv(service, environment, () => '-----BEGIN CERTIFICATE-----');
  return { known: schemas.flatMap(names), faults: faults.map(formatFault) };
};
const answers = questions.map(({ service, environment }) => report(apps[services.indexOf(service)], environment));
process.stdout.write(JSON.stringify(answers));

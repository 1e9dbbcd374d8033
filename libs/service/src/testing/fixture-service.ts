// A service for the int tests: they bundle it and run it as a process of its own. FIXTURE says how it misbehaves.
import {
  defineEnv,
  fragment,
  healthEnv,
  logEnv,
  monitoringEnv,
  secretVariable,
  text,
  variable,
} from '@wagehood/config';
import type { Part } from '../part';
import { runService } from '../run-service';
import { StartError } from '../start-error';

const hang = () => new Promise<void>(() => undefined);

const part = (name: string, more: Partial<Part> = {}): Part => ({
  name,
  start: () => void process.stdout.write(`start ${name}\n`),
  stop: () => void process.stdout.write(`stop ${name}\n`),
  ...more,
});

const fixtureEnv = fragment(
  { how: variable('FIXTURE', text(), 'how to misbehave', ''), key: secretVariable('FIXTURE_KEY', text(), 'a secret') },
  (values) => values,
);

void runService({
  name: 'fixture',
  component: 'Api',
  environment: process.env,
  env: defineEnv({ health: healthEnv(0), log: logEnv, monitoring: monitoringEnv, fixture: fixtureEnv }),
  drainMs: 1000,
  build: ({ env, log, metrics, fatal }) => {
    const { how, key } = env.fixture;
    metrics.counter('fixture_builds_total', 'Calls of build').inc();
    if (key) log.info('connecting', { url: `redis://u:${key}@host`, password: key, note: `key is ${key}` });
    if (how === 'reject') setTimeout(() => void Promise.reject(new Error('nobody caught me')), 50);
    if (how === 'throw')
      setTimeout(() => {
        throw new Error('nobody caught me');
      }, 50);
    if (how === 'fatal') setTimeout(() => fatal('no progress for 60 s', new Error('stuck')), 50);
    let failed = false;
    if (how === 'unready') process.on('SIGUSR2', () => (failed = !failed));
    const second: Partial<Part> = {
      'start-fails': {
        start: () =>
          Promise.reject(new StartError('Redis at localhost:1 refuses', { cause: new Error('ECONNREFUSED') })),
      },
      'start-hangs': { start: hang, ready: () => ({ ok: false, detail: 'Redis at localhost:1: connection refused' }) },
      'stop-hangs': { stop: hang },
      'stop-fails': { stop: () => Promise.reject(new Error('cannot let go')) },
      unready: { ready: () => ({ ok: !failed, detail: failed ? 'Redis is away' : 'connected' }) },
      stuck: { live: () => ({ ok: false, detail: 'a commit is stuck for 61 s' }) },
    }[how] ?? { announce: () => ({ apiPort: 4242 }) };
    return [part('first'), part('second', second), part('third')];
  },
});

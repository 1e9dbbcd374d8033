import { formatFaults, loadEnv, variablesOf } from '@wagehood/config';
import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { setTimeout as wait } from 'node:timers/promises';
import { createEnding, listenToProcess } from './ending';
import { watchEventLoop } from './health/event-loop';
import { startHealthServer, type HealthServer } from './health/health-server';
import { createLifecycle, type Lifecycle } from './lifecycle';
import { createLogger, type Logger } from './log/logger';
import { createMetrics, type Metrics } from './metrics';
import { watchReadiness } from './readiness-watch';
import type { ServiceDefinition, ServiceEnv } from './service-definition';
import { messageOf } from './start-error';
import { openTracing } from './tracing/open-tracing';
import { traceFields } from './tracing/trace-context';

const DRAIN_MS = 4500;

const readText = (path: string) => readFileSync(path, 'utf8');

/**
 * Runs a service until SIGTERM or SIGINT, then drains and exits with 0. A failure to start, a lost promise, an uncaught error and
 * `fatal` end with 1. Never rejects; the process ends from within.
 */
export async function runService<E extends ServiceEnv>(definition: ServiceDefinition<E>): Promise<void> {
  const { name, component, environment } = definition;
  process.stdout.on('error', () => undefined); // whoever read our lines is gone: no reason to die in mid-commit
  process.stderr.on('error', () => undefined);
  const env = loadEnv(definition.env, environment, readText);
  if (!env.ok) {
    return refuse(name, createLogger({ service: name, component }), formatFaults(env.faults, 'environment'));
  }
  const level = env.value.log.level;
  const log = createLogger({ service: name, component, level, secrets: secretsOf(definition), context: traceFields });
  try {
    await run(definition, env.value, log);
  } catch (error) {
    refuse(name, log, messageOf(error));
  }
}

async function run<E extends ServiceEnv>(definition: ServiceDefinition<E>, env: E, log: Logger): Promise<void> {
  const { name, build, environment, drainMs = DRAIN_MS } = definition;
  const lifecycle = createLifecycle(log);
  const metrics = createMetrics({ service: name, defaults: env.monitoring !== false });
  const opened: { health?: HealthServer } = {};
  const end = createEnding({ log, stop: lifecycle.stop, close: () => opened.health?.close(), drainMs });
  listenToProcess(log, end);

  const health = await openHealth(env, lifecycle, metrics);
  opened.health = health;
  log.info('starting', { healthPort: health.port, pid: process.pid });
  const fatal = (message: string, error?: unknown) => {
    log.error(message, error === undefined ? undefined : { error });
    end(1);
  };
  const id = `${hostname()}/${randomUUID()}`;
  const traces = await openTracing(env.tracing, { name, id, log, environment });
  const built = await build({ name, id, env, log, metrics, fatal, ...(traces && { tracing: traces.tracing }) });
  const parts = traces ? [traces.part, ...built] : built;
  const running = await lifecycle.start(parts).catch(async (error: unknown) => {
    await Promise.race([lifecycle.stop(), wait(drainMs)]);
    throw error;
  });
  if (!running) return;
  watchReadiness(lifecycle, log, () => {
    const announced = Object.assign({}, ...parts.map((part) => part.announce?.() ?? {})) as object;
    log.info('ready', { healthPort: health.port, ...announced });
  });
}

function openHealth(env: ServiceEnv, lifecycle: Lifecycle, metrics: Metrics): Promise<HealthServer> {
  const loop = watchEventLoop();
  return startHealthServer({
    port: env.health.port,
    host: env.health.host,
    ready: lifecycle.readiness,
    live: () => ({ ...lifecycle.liveness(), eventLoopDelayMs: loop.delayMs() }),
    ...(env.monitoring !== false && { metrics: metrics.text }),
  });
}

/** One readable message on standard error for the person, one ERROR line on standard output for the log. */
function refuse(name: string, log: Logger, message: string): never {
  log.error(`cannot start: ${message}`);
  process.stderr.write(`${name} cannot start: ${message}\n`);
  process.exit(1);
}

/** The texts of all secret variables, so that the logger can hide them wherever they turn up. */
function secretsOf<E extends ServiceEnv>({ env, environment }: ServiceDefinition<E>): string[] {
  return variablesOf(env).flatMap(({ name, secret }) => {
    if (!secret) return [];
    const path = environment[`${name}_FILE`]?.trim();
    const text = (path ? readText(path) : environment[name])?.trim();
    return text ? [text] : [];
  });
}

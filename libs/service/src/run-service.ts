import { formatFaults, loadEnv, variablesOf, type EnvSource } from '@wagehood/config';
import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { watchEventLoop } from './health/event-loop';
import { startHealthServer } from './health/health-server';
import { createLifecycle } from './lifecycle';
import { createLogger, type Logger } from './log/logger';
import { createMetrics } from './metrics';
import { watchReadiness } from './readiness-watch';
import type { ServiceDefinition, ServiceEnv } from './service-definition';
import { messageOf } from './start-error';

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
  const secrets = secretsOf(definition, environment);
  const log = createLogger({ service: name, component, level: env.value.log.level, secrets });
  try {
    await run(definition, env.value, log);
  } catch (error) {
    refuse(name, log, messageOf(error));
  }
}

async function run<E extends ServiceEnv>(definition: ServiceDefinition<E>, env: E, log: Logger): Promise<void> {
  const { name, build, drainMs = 4500 } = definition;
  const lifecycle = createLifecycle(log);
  const metrics = createMetrics({ service: name, defaults: env.monitoring !== false });
  const loop = watchEventLoop();

  let ending = false;
  const end = (code: 0 | 1) => {
    if (ending) return;
    ending = true;
    const hardLimit = setTimeout(() => {
      log.error('drain took too long, leaving', { drainMs });
      process.exit(1);
    }, drainMs);
    void lifecycle.stop().then(async () => {
      clearTimeout(hardLimit);
      loop.stop();
      await health?.close();
      log.info('stopped', { code });
      process.exit(code);
    });
  };
  const fatal = (message: string, error?: unknown) => {
    log.error(message, error === undefined ? undefined : { error });
    end(1);
  };
  let health: Awaited<ReturnType<typeof startHealthServer>> | undefined;
  listenToProcess(log, end);

  health = await startHealthServer({
    port: env.health.port,
    ready: lifecycle.readiness,
    live: () => ({ ...lifecycle.liveness(), eventLoopDelayMs: loop.delayMs() }),
    ...(env.monitoring !== false && { metrics: metrics.text }),
  });
  const healthPort = health.port;
  log.info('starting', { healthPort, pid: process.pid });

  const parts = await build({ name, id: randomUUID(), env, log, metrics, fatal });
  const running = await lifecycle.start(parts).catch(async (error: unknown) => {
    await Promise.race([lifecycle.stop(), new Promise((resolve) => setTimeout(resolve, drainMs))]);
    throw error;
  });
  if (!running) return;
  watchReadiness(lifecycle, log, () => {
    const announced = Object.assign({}, ...parts.map((part) => part.announce?.() ?? {})) as object;
    log.info('ready', { healthPort, ...announced });
  });
}

/** SIGTERM and SIGINT drain; a second one changes nothing, because Ctrl-C reaches us once directly and once through the runner. */
function listenToProcess(log: Logger, end: (code: 0 | 1) => void): void {
  for (const signal of ['SIGTERM', 'SIGINT'] as const) {
    process.on(signal, () => {
      log.info('stopping', { signal });
      end(0);
    });
  }
  // Whoever started us with an IPC channel (the local runner) is gone when it closes, however it ended: no service outlives it.
  process.on('disconnect', () => {
    log.info('stopping', { signal: 'disconnect' });
    end(0);
  });
  const crash = (what: string) => (error: unknown) => {
    log.error(what, { error });
    process.exit(1);
  };
  process.on('unhandledRejection', crash('unhandled rejection'));
  process.on('uncaughtException', crash('uncaught exception'));
}

/** One readable message on standard error for the person, one ERROR line on standard output for the log. */
function refuse(name: string, log: Logger, message: string): never {
  log.error(`cannot start: ${message}`);
  process.stderr.write(`${name} cannot start: ${message}\n`);
  process.exit(1);
}

function secretsOf<E extends ServiceEnv>({ env }: ServiceDefinition<E>, source: EnvSource): string[] {
  return variablesOf(env).flatMap(({ name, secret }) => {
    if (!secret) return [];
    const path = source[`${name}_FILE`];
    const text = (path ? readText(path) : source[name])?.trim();
    return text ? [text] : [];
  });
}

import { setTimeout as delay } from 'node:timers/promises';
import { ServiceEvents, ServiceProcess } from './service-process';
import { ServiceSpec, ServiceStatus } from './service-spec';

/** How long a wave may take before the next one is asked to leave as well. */
const WAVE_MS = 1_200;
/** When everything that is still there is killed. */
const DEADLINE_MS = 4_000;

export interface Supervisor {
  start(): void;
  statuses(): readonly ServiceStatus[];
  /** Stops all, feeders first; resolves when the last process is gone, at most ~4 s later. */
  stop(): Promise<void>;
}

/** Starts a set of processes, restarts what dies and stops all of them in order. */
export function createSupervisor(specs: readonly ServiceSpec[], events: ServiceEvents): Supervisor {
  const services = specs.map((spec) => new ServiceProcess(spec, events));
  const waves = [...new Set(specs.map(({ stopWave }) => stopWave))].sort((a, b) => a - b);

  async function stopInOrder(): Promise<void> {
    const left: Promise<void>[] = [];
    for (const wave of waves) {
      const stopped = services.filter(({ spec }) => spec.stopWave === wave).map((service) => service.stop());
      left.push(...stopped);
      await withTimeout(Promise.all(stopped), WAVE_MS);
    }
    await Promise.all(left);
  }

  return {
    start: () => services.forEach((service) => service.start()),
    statuses: () => services.map((service) => service.status()),
    async stop() {
      const lastResort = setTimeout(() => services.forEach((service) => service.kill()), DEADLINE_MS);
      await stopInOrder();
      clearTimeout(lastResort);
    },
  };
}

async function withTimeout(work: Promise<unknown>, ms: number): Promise<void> {
  const abort = new AbortController();
  await Promise.race([work, delay(ms, undefined, { signal: abort.signal }).catch(() => undefined)]);
  abort.abort();
}

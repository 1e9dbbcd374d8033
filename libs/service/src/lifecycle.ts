import { liveness, readiness, type Phase, type Report } from './health/report';
import type { Logger } from './log/logger';
import type { Part } from './part';
import { messageOf } from './start-error';

/**
 * The life of a service's parts:
 *
 *   starting ──all started──► running ──stop()──► stopping ──► (gone)
 *       └────────────────stop()──────────────────────▲
 */
export interface Lifecycle {
  readonly phase: Phase;
  /** Starts the parts in order. Resolves false when `stop` came in between. Rejects with the error of the part that failed. */
  start(parts: readonly Part[]): Promise<boolean>;
  /** Stops what was started, or is being started, in reverse. A part that fails to stop does not keep the others from it. */
  stop(): Promise<void>;
  readiness(): Report;
  liveness(): Report;
}

export function createLifecycle(log: Logger): Lifecycle {
  const started = new Set<Part>();
  const touched: Part[] = [];
  let parts: readonly Part[] = [];
  let phase: Phase = 'starting';
  let interrupt: () => void = () => undefined;
  const interrupted = new Promise<'interrupted'>((resolve) => (interrupt = () => resolve('interrupted')));

  const startOne = async (part: Part) => {
    touched.push(part);
    const starting = Promise.resolve(part.start?.()).then(() => 'started' as const);
    const outcome = await Promise.race([starting, interrupted]);
    if (outcome === 'interrupted')
      starting.catch(() => undefined); // it is stopped in mid-start and may well complain
    else started.add(part);
  };

  const stopOne = async (part: Part) => {
    try {
      await part.stop?.();
    } catch (error) {
      log.error('part failed to stop', { part: part.name, error: messageOf(error) });
    }
    started.delete(part);
  };

  return {
    get phase() {
      return phase;
    },
    async start(all) {
      parts = all;
      for (const part of all) {
        if (isStopping()) return false;
        await startOne(part);
      }
      if (isStopping()) return false;
      phase = 'running';
      return true;
    },
    async stop() {
      phase = 'stopping';
      interrupt();
      for (const part of touched.splice(0).reverse()) await stopOne(part);
    },
    readiness: () => readiness(parts, started, phase),
    liveness: () => liveness(parts, started),
  };

  function isStopping(): boolean {
    return phase === 'stopping';
  }
}

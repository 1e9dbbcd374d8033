import type { Logger } from './log/logger';

export interface EndingOptions {
  readonly log: Logger;
  /** Stops the parts. */
  readonly stop: () => Promise<void>;
  /** Last of all: closes the health server, so that /readyz says "stopping" until the end. */
  readonly close: () => Promise<void> | undefined;
  readonly drainMs: number;
}

/** The way out of the process, taken once: drain, then exit; or exit with 1 at the hard limit. */
export function createEnding({ log, stop, close, drainMs }: EndingOptions): (code: 0 | 1) => void {
  let ending = false;
  return (code) => {
    if (ending) return;
    ending = true;
    setTimeout(() => {
      log.error('drain took too long, leaving', { drainMs });
      process.exit(1);
    }, drainMs);
    void stop()
      .then(close)
      .then(() => {
        log.info('stopped', { code });
        process.exit(code);
      });
  };
}

/**
 * SIGTERM and SIGINT drain; a second one changes nothing, because Ctrl-C reaches us once directly and once through the runner.
 * An error that nobody caught ends the process at once: what it left half done is rolled back by whoever takes over.
 */
export function listenToProcess(log: Logger, end: (code: 0 | 1) => void): void {
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

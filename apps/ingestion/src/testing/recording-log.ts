import type { Logger } from '@wagehood/service';

/** A logger that keeps its messages. */
export function recordingLog(lines: string[]): Logger {
  const keep = (message: string) => void lines.push(message);
  const log: Logger = { debug: () => undefined, info: keep, warn: keep, error: keep, child: () => log };
  return log;
}

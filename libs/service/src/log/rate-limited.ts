import type { LogFields, Logger } from './logger';

export interface RateLimitedLogger {
  debug(key: string, message: string, fields?: LogFields): void;
  info(key: string, message: string, fields?: LogFields): void;
  warn(key: string, message: string, fields?: LogFields): void;
  error(key: string, message: string, fields?: LogFields): void;
}

export interface RateLimitOptions {
  /** Lines of one key are at least this far apart. Default 10 000 ms. */
  readonly everyMs?: number;
  /** Keys remembered; the oldest is forgotten first. Default 1 000. */
  readonly maxKeys?: number;
  /** Monotonic clock, ms. */
  readonly now?: () => number;
}

/**
 * A logger that never floods: the first line of a key is written at once, then at most one each `everyMs`, which says how many
 * were held back (`suppressed`). For what may happen thousands of times a second: bad bars, a Redis that is down.
 */
export function rateLimited(log: Logger, options: RateLimitOptions = {}): RateLimitedLogger {
  const { everyMs = 10_000, maxKeys = 1000, now = () => performance.now() } = options;
  const seen = new Map<string, { at: number; suppressed: number }>();

  const at =
    (level: 'debug' | 'info' | 'warn' | 'error') =>
    (key: string, message: string, fields?: LogFields): void => {
      const id = `${level} ${key}`;
      const last = seen.get(id);
      if (last && now() - last.at < everyMs) {
        last.suppressed += 1;
        return;
      }
      seen.delete(id); // re-inserted at the end: the map is ordered by age
      seen.set(id, { at: now(), suppressed: 0 });
      if (seen.size > maxKeys) seen.delete(seen.keys().next().value ?? '');
      log[level](message, last && last.suppressed > 0 ? { ...fields, suppressed: last.suppressed } : fields);
    };

  return { debug: at('debug'), info: at('info'), warn: at('warn'), error: at('error') };
}

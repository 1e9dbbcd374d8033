/** One process that the runner keeps alive. */
export interface ServiceSpec {
  /** Unique among all: `calculation-worker-2`. */
  readonly name: string;
  /** The word under which its lines are found in the log file. */
  readonly component: string;
  /** Path of the bundle. */
  readonly script: string;
  /** Its whole environment. */
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Processes of a lower wave are stopped first: whoever feeds goes before whoever is fed. */
  readonly stopWave: number;
}

/**
 * ```
 * starting ──ready line──► ready ──┐ exit
 *    ▲                             ▼
 *    └────────── delay ─────── restarting ──never ready, too often──► failed
 * any of them ──stop()──► stopping ──exit──► stopped
 * ```
 */
export type ServiceState = 'starting' | 'ready' | 'restarting' | 'failed' | 'stopping' | 'stopped';

/** What the view shows of a process. */
export interface ServiceStatus {
  readonly name: string;
  readonly component: string;
  readonly state: ServiceState;
  readonly pid: number | null;
  readonly restarts: number;
  /** Fields of its ready line: `healthPort`, `apiPort`. */
  readonly ready: Readonly<Record<string, unknown>>;
  /** Why it is not running, in one line. */
  readonly problem: string | null;
}

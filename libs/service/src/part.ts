/** Whether a part can do its work now, and what a person should know about it (`redis: connection refused`). */
export interface PartState {
  readonly ok: boolean;
  readonly detail: string;
}

/**
 * One thing that lives inside a service: a server, a worker, a connection. Parts are started in the order in which `build`
 * returns them, each when the one before has started, and stopped in reverse.
 */
export interface Part {
  readonly name: string;
  /** Resolves when the next part may start; rejects with a readable message when the service cannot work at all. */
  start?(): Promise<void> | void;
  /** Finishes what is in flight and lets go. Also called when `start` failed or has not resolved yet. */
  stop?(): Promise<void> | void;
  /** Asked for /readyz; without it a part is ready once started. */
  ready?(): PartState;
  /** Asked for /livez; `ok: false` asks for a restart of the process. */
  live?(): PartState;
  /** Fields for the `ready` line, e.g. `{ apiPort }`. Asked once, when everything is ready. */
  announce?(): Readonly<Record<string, unknown>>;
}

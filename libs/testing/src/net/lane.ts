import type { Socket } from 'node:net';

export interface LaneFault {
  readonly latencyMs: number;
  readonly mode: 'pass' | 'hold' | 'drop';
}

/** Bytes on their way from one socket to another, in order, late or held back if need be. */
export class Lane {
  /** True once bytes were thrown away: what follows them would be nonsense. */
  isTorn = false;
  readonly #waiting: { readonly chunk: Buffer; readonly dueAt: number }[] = [];
  #fault: LaneFault = { latencyMs: 0, mode: 'pass' };
  #timer: NodeJS.Timeout | undefined;

  constructor(
    from: Socket,
    private readonly to: Socket,
  ) {
    from.on('data', (chunk: Buffer) => {
      if (this.#fault.mode === 'drop') {
        this.isTorn = true;
        return;
      }
      this.#waiting.push({ chunk, dueAt: performance.now() + this.#fault.latencyMs });
      this.#deliver();
      if (to.writableNeedDrain) from.pause();
    });
    from.once('close', () => clearTimeout(this.#timer));
    to.on('drain', () => from.resume());
  }

  suffer(fault: LaneFault): void {
    this.#fault = fault;
    this.#deliver();
  }

  #deliver(): void {
    clearTimeout(this.#timer);
    if (this.#fault.mode === 'hold') return;
    const now = performance.now();
    while (this.#waiting[0] && this.#waiting[0].dueAt <= now) {
      const { chunk } = this.#waiting.shift() as { chunk: Buffer };
      if (!this.to.destroyed) this.to.write(chunk);
    }
    const next = this.#waiting[0];
    if (next) this.#timer = setTimeout(() => this.#deliver(), next.dueAt - now);
  }
}

import type { Signal } from '@wagehood/contracts';
import type { LogEntry, StreamName } from '@wagehood/streams';

/** Shorter ones are business as usual. */
const SHORTEST_PAUSE_MS = 20;
const SIGNALS_KEPT = 200_000;

interface Pause {
  readonly partition: number;
  readonly fromMs: number;
  readonly toMs: number;
}

/** Measures from the entries themselves, by the clock of Redis: pauses of the output, and how long a bar takes to become a signal. */
export class Meter {
  readonly #lastMs = new Map<number, number>();
  #pauses: Pause[] = [];
  #signalMs: number[] = [];

  readonly onEntry = (stream: StreamName, partition: number, { kind, data, token }: LogEntry): void => {
    const atMs = Number(token) / 1_000;
    if (stream === 'calculation_events_stream' && kind === 'bar') this.#noteOutput(partition, atMs);
    if (stream !== 'signal_stream' || kind !== 'signal') return;
    for (const { backfilled, receivedAt } of JSON.parse(data) as Signal[]) {
      if (!backfilled && this.#signalMs.length < SIGNALS_KEPT) this.#signalMs.push(atMs - receivedAt);
    }
  };

  /** The longest time without output that a partition had around `fromMs`…`toMs` (epoch), per partition, longest first. */
  pausesIn(fromMs: number, toMs: number): readonly number[] {
    const longest = new Map<number, number>();
    for (const pause of this.#pauses) {
      if (pause.toMs < fromMs || pause.fromMs > toMs) continue;
      const { partition } = pause;
      longest.set(partition, Math.max(longest.get(partition) ?? 0, pause.toMs - pause.fromMs));
    }
    return [...longest.values()].sort((a, b) => b - a);
  }

  /** Milliseconds from the append of a bar to the commit of its signal, of all signals since the last call. */
  takeSignalLatencies(): readonly number[] {
    const taken = this.#signalMs;
    this.#signalMs = [];
    return taken;
  }

  #noteOutput(partition: number, atMs: number): void {
    const before = this.#lastMs.get(partition);
    this.#lastMs.set(partition, atMs);
    if (before === undefined || atMs - before < SHORTEST_PAUSE_MS) return;
    this.#pauses.push({ partition, fromMs: before, toMs: atMs });
    if (this.#pauses.length > 100_000) this.#pauses = this.#pauses.slice(-50_000);
  }
}

/** The value below which a share `p` of the samples lies; NaN without any. */
export function percentile(samples: readonly number[], p: number): number {
  const sorted = [...samples].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(p * sorted.length))] ?? NaN;
}

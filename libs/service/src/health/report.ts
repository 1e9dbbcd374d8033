import type { Part, PartState } from '../part';

export type Phase = 'starting' | 'running' | 'stopping';

export interface PartReport extends PartState {
  readonly name: string;
}

export interface Report {
  readonly ok: boolean;
  readonly parts: readonly PartReport[];
}

const ask = (question: (() => PartState) | undefined): PartState => {
  if (!question) return { ok: true, detail: 'ok' };
  try {
    return question();
  } catch (error) {
    return { ok: false, detail: error instanceof Error ? error.message : String(error) };
  }
};

const sum = (parts: readonly PartReport[]): Report => ({ ok: parts.every(({ ok }) => ok), parts });

/** What /readyz says: ready when every part has started and says so, and the service is not on its way out. */
export function readiness(parts: readonly Part[], started: ReadonlySet<Part>, phase: Phase): Report {
  if (phase === 'stopping') return sum(parts.map(({ name }) => ({ name, ok: false, detail: 'stopping' })));
  const reports = parts.map((part) => ({
    name: part.name,
    ...(started.has(part) ? ask(part.ready?.bind(part)) : { ok: false, detail: whyNotStarted(part) }),
  }));
  if (reports.length === 0 && phase === 'starting')
    return { ok: false, parts: [{ name: 'service', ok: false, detail: 'starting' }] };
  return sum(reports);
}

/** A part that is still starting may already know what holds it up (`Redis: connection refused`). */
function whyNotStarted(part: Part): string {
  const state = ask(part.ready?.bind(part));
  return state.ok ? 'starting' : `starting: ${state.detail}`;
}

/** What /livez says: alive unless a part asks for a restart. */
export function liveness(parts: readonly Part[], started: ReadonlySet<Part>): Report {
  return sum(
    parts.filter((part) => started.has(part)).map((part) => ({ name: part.name, ...ask(part.live?.bind(part)) })),
  );
}

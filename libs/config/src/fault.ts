/** One thing that is wrong, for a person to read. */
export interface Fault {
  /** Where: `REDIS_PORT`, `--workers`, `indicators[2].parameters.period`. */
  readonly path: string;
  /** What is wrong with it. */
  readonly message: string;
  /** What would be right. */
  readonly expected?: string;
}

/** The outcome of reading something that a person wrote. */
export type Loaded<T> =
  { readonly ok: true; readonly value: T } | { readonly ok: false; readonly faults: readonly Fault[] };

export const loaded = <T>(value: T): Loaded<T> => ({ ok: true, value });
export const refused = (faults: readonly Fault[]): Loaded<never> => ({ ok: false, faults });

/** `path: message (expected …)` on one line. */
export function formatFault({ path, message, expected }: Fault): string {
  return `${path}: ${message}${expected === undefined ? '' : ` (expected ${expected})`}`;
}

/** Everything that is wrong in one readable list; a person fixes all of it in one go. */
export function formatFaults(faults: readonly Fault[], title = 'configuration'): string {
  const count = faults.length === 1 ? '1 fault' : `${faults.length} faults`;
  return [`${title}: ${count}`, ...faults.map((fault) => `  - ${formatFault(fault)}`)].join('\n');
}

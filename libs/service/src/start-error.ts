/** A failure to start whose message is meant for a person: shown alone, never with a stack. */
export class StartError extends Error {
  override readonly name: string = 'StartError';
}

const MAX_CAUSES = 5;

/** The message of an error and of its causes, `a: b: c`; parts that repeat what was said are left out. */
export function messageOf(error: unknown): string {
  const messages: string[] = [];
  let current: unknown = error;
  for (let depth = 0; depth < MAX_CAUSES && current !== undefined && current !== null; depth += 1) {
    const message = current instanceof Error ? describe(current) : String(current);
    if (!messages.some((said) => said.includes(message))) messages.push(message);
    current = current instanceof Error ? current.cause : undefined;
  }
  return messages.join(': ');
}

/** An AggregateError (a refused connection over IPv4 and IPv6) often has no message of its own. */
function describe(error: Error): string {
  if (error.message !== '') return error.message;
  if (error instanceof AggregateError) return error.errors.map((inner) => messageOf(inner)).join(', ');
  return (error as NodeJS.ErrnoException).code ?? error.name;
}

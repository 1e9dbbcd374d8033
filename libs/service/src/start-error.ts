/** A failure to start whose message is meant for a person: shown alone, never with a stack. */
export class StartError extends Error {
  override readonly name: string = 'StartError';
}

/** The message of an error and of its causes, `a: b: c`; parts that repeat their predecessor are left out. */
export function messageOf(error: unknown): string {
  const messages: string[] = [];
  let current: unknown = error;
  while (current !== undefined && current !== null && messages.length < 5) {
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

/** A line of a service as the object that it is, or null when it is something else (a crash, a warning of Node). */
export function parseLogLine(line: string): Record<string, unknown> | null {
  if (!line.startsWith('{')) return null;
  try {
    const value: unknown = JSON.parse(line);
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : null;
  } catch {
    return null;
  }
}

export interface LogSource {
  readonly component: string;
  readonly name: string;
}

/** The line as it goes to the log file: JSON as it came, anything else wrapped in an object of the same shape. */
export function toLogLine(line: string, { component, name }: LogSource, now: Date): string {
  if (parseLogLine(line)) return line;
  return JSON.stringify({ timestamp: now.toISOString(), level: 'ERROR', component, service: name, message: line });
}

import { createWriteStream } from 'node:fs';
import { once } from 'node:events';
import { LogSource, toLogLine } from './log-line';

const two = (n: number) => String(n).padStart(2, '0');

/** `realtime_processor_YYYYMMDD_HHMMSS.log`, local time, in the working directory. */
export function defaultLogFile(now: Date): string {
  const day = `${now.getFullYear()}${two(now.getMonth() + 1)}${two(now.getDate())}`;
  return `realtime_processor_${day}_${two(now.getHours())}${two(now.getMinutes())}${two(now.getSeconds())}.log`;
}

export interface LogFile {
  readonly path: string;
  /** One line of a process of ours. */
  line(source: LogSource, text: string): void;
  /** One line of the runner itself. */
  note(level: 'INFO' | 'WARN' | 'ERROR', message: string, fields?: Readonly<Record<string, unknown>>): void;
  close(): Promise<void>;
}

/**
 * Opens the file in which the lines of all services meet, one JSON object a line.
 * @throws when it cannot be opened
 */
export async function openLogFile(path: string): Promise<LogFile> {
  const stream = createWriteStream(path, { flags: 'a' });
  await once(stream, 'open');
  // A full disk must not stop the services: the view says it, the lines are lost.
  stream.on('error', (error) => process.stderr.write(`log file ${path}: ${error.message}\n`));
  return {
    path,
    line: (source, text) => void stream.write(`${toLogLine(text, source, new Date())}\n`),
    note(level, message, fields = {}) {
      const head = { timestamp: new Date().toISOString(), level, component: 'LocalRunner', service: 'local-runner' };
      stream.write(`${JSON.stringify({ ...head, message, ...fields })}\n`);
    },
    close: () => new Promise((resolve) => stream.end(resolve)),
  };
}

import { setTimeout as delay } from 'node:timers/promises';
import { HttpLine } from './http-line';

/** What a load is made of. */
export interface LoadPlan {
  readonly origin: string;
  readonly paths: readonly string[];
  readonly perSecond: number;
  readonly forMs: number;
}

export interface LoadResult {
  /** ms from the moment at which each request was due: a server that stalls cannot hide behind a client that waits. */
  readonly latencies: readonly number[];
  /** Answers other than 200. */
  readonly failures: number;
}

const CONNECTIONS = 32;

/** Sends requests at a constant rate, whatever the answers do, and takes each path in turn. */
export async function runLoad({ origin, paths, perSecond, forMs }: LoadPlan): Promise<LoadResult> {
  const latencies: number[] = [];
  let failures = 0;
  const total = Math.floor((perSecond * forMs) / 1_000);
  const startedAt = performance.now();
  const dueAt = (request: number): number => startedAt + (request * 1_000) / perSecond;
  let sent = 0;
  // They take turns: one that rests for seconds would be closed by the server.
  const idle: HttpLine[] = Array.from({ length: CONNECTIONS }, () => new HttpLine(new URL(origin)));

  const send = (line: HttpLine, request: number): void => {
    void line
      .get(paths[request % paths.length] as string)
      .then((status) => {
        latencies.push(performance.now() - dueAt(request));
        if (status !== 200) failures++;
      })
      .catch(() => void failures++)
      .then(() => next(line));
  };
  /** A line that is free takes what is overdue at once. */
  const next = (line: HttpLine): void => {
    if (sent < total && dueAt(sent) <= performance.now()) send(line, sent++);
    else idle.push(line);
  };

  while (sent < total || idle.length < CONNECTIONS) {
    while (idle.length > 0 && sent < total && dueAt(sent) <= performance.now()) send(idle.shift() as HttpLine, sent++);
    await delay(1);
  }
  for (const line of idle) line.close();
  return { latencies, failures };
}

/** The load as a process of its own: takes a plan over the channel, answers with the result. */
export function serveLoad(): void {
  process.on('message', (plan: LoadPlan) => void runLoad(plan).then((result) => process.send?.(result)));
  process.stdout.write('{"message":"ready"}\n');
}

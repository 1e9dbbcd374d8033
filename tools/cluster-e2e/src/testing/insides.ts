import { spawn, type ChildProcess } from 'node:child_process';
import { connect } from 'node:net';
import type { Duplex } from 'node:stream';
import { serveSpdy } from './spdy';

/** What stands for the inside of a cluster: where names of Services lead, and what listens on the ports of pods. */
export interface Places {
  /** Such as `http://api:8000` → `http://127.0.0.1:41000`. */
  readonly origins: Readonly<Record<string, string>>;
  readonly ports: Readonly<Record<number, number>>;
}

/** Processes of this machine in the place of containers: commands of pods, and what `exec` runs in them. */
export class Insides {
  readonly #running = new Map<string, { readonly child: ChildProcess; readonly lines: string[] }>();

  constructor(private readonly places: Places) {}

  start(pod: string, words: readonly string[]): void {
    const child = this.#spawn(words);
    const lines: string[] = [];
    this.#running.set(pod, { child, lines });
    child.stdout?.on('data', (chunk: Buffer) => lines.push(...chunk.toString().trim().split('\n')));
  }

  end(pod: string): void {
    this.#running.get(pod)?.child.kill('SIGKILL');
    this.#running.delete(pod);
  }

  close(): void {
    for (const pod of [...this.#running.keys()]) this.end(pod);
  }

  /** Pods in which nothing runs say as much. */
  logs(pod: string, tail: number): string {
    const lines = this.#running.get(pod)?.lines ?? ['nothing runs in here'];
    return lines.slice(-tail).map((line) => `${line}\n`).join(''); // prettier-ignore
  }

  /** The streams `error`, `stdout` and `stderr`; when the process ends, the first says how. */
  exec(socket: Duplex, words: readonly string[]): Promise<void> {
    const streams = new Map<string, Duplex>();
    return serveSpdy(socket, ({ streamtype = '' }, stream) => {
      streams.set(streamtype, stream);
      const [error, out, err] = ['error', 'stdout', 'stderr'].map((name) => streams.get(name));
      if (!error || !out || !err) return;
      const child = this.#spawn(words);
      child.stdout?.pipe(out);
      child.stderr?.pipe(err);
      child.once('close', (code) => error.end(JSON.stringify(outcome(code))));
    });
  }

  /** Data that comes for a port goes to what listens there; when nothing does, the connection breaks as the kubelet's does. */
  forward(socket: Duplex): Promise<void> {
    return serveSpdy(socket, ({ streamtype, port }, stream) => {
      if (streamtype !== 'data') return;
      const target = connect({ port: this.places.ports[Number(port)] ?? 1, host: '127.0.0.1' });
      target.once('error', () => socket.destroy());
      stream.once('close', () => target.destroy());
      stream.pipe(target).pipe(stream);
    });
  }

  #spawn(words: readonly string[]): ChildProcess {
    const [program = '', ...rest] = words.map((word) =>
      Object.entries(this.places.origins).reduce((text, [name, origin]) => text.replaceAll(name, origin), word),
    );
    return spawn(program === 'node' ? process.execPath : program, rest, { stdio: ['ignore', 'pipe', 'pipe'] });
  }
}

const outcome = (code: number | null): object =>
  code === 0
    ? { metadata: {}, status: 'Success' }
    : {
        ...{ metadata: {}, status: 'Failure', reason: 'NonZeroExitCode', message: `exit code ${code}` },
        details: { causes: [{ reason: 'ExitCode', message: `${code}` }] },
      };

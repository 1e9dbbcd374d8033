import { createServer, type AddressInfo } from 'node:net';
import type { ChildProcess } from 'node:child_process';
import { complaintOf, startKubectl, type KubectlProgram } from './kubectl';

export interface Forward {
  readonly port: number;
  /** What kubectl said last when it could not, or could no longer; empty as long as it can. */
  complaint(): string;
  stop(): void;
}

export interface ForwardOptions {
  readonly kubectl: KubectlProgram;
  readonly namespace: string;
  /** Such as `service/redis`. */
  readonly target: string;
  readonly remotePort: number;
}

const AGAIN_MS = 1_000;

/** Keeps a local port connected to a port inside the cluster, for as long as it takes: port-forward ends with the pod that it has. */
export async function keepForwarding({ kubectl, namespace, target, remotePort }: ForwardOptions): Promise<Forward> {
  const port = await freePort();
  const words = ['--namespace', namespace, 'port-forward', '--address', '127.0.0.1', target, `${port}:${remotePort}`];
  let child: ChildProcess | null = null;
  let [stopped, said] = [false, ''];
  const start = (): void => {
    if (stopped) return;
    child = startKubectl(kubectl, words, ['ignore', 'ignore', 'pipe']);
    child.stderr?.on('data', (chunk: Buffer) => (said = complaintOf(said + chunk.toString())));
    child.once('error', (error) => (said = error.message));
    child.once('close', () => setTimeout(start, AGAIN_MS).unref());
  };
  start();
  return {
    port,
    complaint: () => said,
    stop() {
      stopped = true;
      child?.kill();
    },
  };
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address() as AddressInfo;
      server.close(() => resolve(port));
    });
  });
}

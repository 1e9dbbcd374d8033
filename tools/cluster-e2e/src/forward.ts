import { spawn, type ChildProcess } from 'node:child_process';
import { createServer, type AddressInfo } from 'node:net';

export interface Forward {
  readonly port: number;
  stop(): void;
}

const AGAIN_MS = 1_000;

/** Keeps a local port connected to a port inside the cluster, for as long as it takes: port-forward ends with the pod that it has. */
export async function keepForwarding(namespace: string, target: string, remotePort: number): Promise<Forward> {
  const port = await freePort();
  let child: ChildProcess | null = null;
  let stopped = false;
  const start = (): void => {
    if (stopped) return;
    const words = ['--namespace', namespace, 'port-forward', target, `${port}:${remotePort}`];
    child = spawn('kubectl', words, { stdio: 'ignore' });
    child.once('error', () => undefined);
    child.once('close', () => setTimeout(start, AGAIN_MS).unref());
  };
  start();
  return {
    port,
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

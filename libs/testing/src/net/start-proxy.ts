import { connect, createServer, type AddressInfo, type Socket } from 'node:net';
import type { RedisAddress } from '../redis/ping';
import { Lane, type LaneFault } from './lane';

/** What a network does to those who use it. What is not named passes untouched. */
export interface NetworkFault {
  /** Everything arrives this much later, in both directions, ms. */
  readonly latencyMs?: number;
  /** `hold`: requests go nowhere until `heal`, then they arrive, as TCP has it. */
  readonly requests?: 'hold';
  /** `hold`: as above. `drop`: the server does what it is told and nobody hears of it; `heal` ends such connections. */
  readonly replies?: 'hold' | 'drop';
  /** New connections are reset. */
  readonly refuse?: boolean;
}

/** A TCP proxy on a loopback port, for a client that shall meet a bad network. */
export interface TestProxy {
  readonly host: string;
  readonly port: number;
  /** What REDIS_URL takes. */
  readonly url: string;
  /** Connections that are open now. */
  readonly connections: number;
  /** Resets every open connection; returns how many. */
  cut(): number;
  /** From now on, for open connections and new ones. `{ requests: 'hold', replies: 'hold' }` is a black hole. */
  suffer(fault: NetworkFault): void;
  /** A good network again. */
  heal(): void;
  stop(): Promise<void>;
}

interface Link {
  readonly client: Socket;
  readonly server: Socket;
  readonly requests: Lane;
  readonly replies: Lane;
}

export async function startProxy(target: RedisAddress): Promise<TestProxy> {
  const links = new Set<Link>();
  let fault: NetworkFault = {};
  const laneFault = (direction: 'requests' | 'replies'): LaneFault => ({
    latencyMs: fault.latencyMs ?? 0,
    mode: fault[direction] ?? 'pass',
  });
  const end = ({ client, server }: Link) => {
    client.resetAndDestroy();
    server.destroy(); // it may be a unix socket, which knows no reset
  };

  const proxy = createServer({ noDelay: true }, (client) => {
    if (fault.refuse) return void client.resetAndDestroy();
    const server = connect({ ...target, noDelay: true });
    const link: Link = { client, server, requests: new Lane(client, server), replies: new Lane(server, client) };
    link.requests.suffer(laneFault('requests'));
    link.replies.suffer(laneFault('replies'));
    links.add(link);
    for (const socket of [client, server]) {
      socket.on('error', () => end(link));
      socket.on('close', () => {
        links.delete(link);
        end(link);
      });
    }
  });
  await new Promise<void>((resolve, reject) => {
    proxy.once('error', reject);
    proxy.listen(0, '127.0.0.1', resolve);
  });
  const { port } = proxy.address() as AddressInfo;

  const suffer = (next: NetworkFault) => {
    fault = next;
    for (const link of links) {
      link.requests.suffer(laneFault('requests'));
      link.replies.suffer(laneFault('replies'));
      if (link.replies.isTorn && fault.replies !== 'drop') end(link);
    }
  };
  const cut = () => {
    const count = links.size;
    for (const link of links) end(link);
    links.clear();
    return count;
  };
  return {
    host: '127.0.0.1',
    port,
    url: `redis://127.0.0.1:${port}`,
    get connections() {
      return links.size;
    },
    cut,
    suffer,
    heal: () => suffer({}),
    async stop() {
      const closed = new Promise((resolve) => proxy.close(resolve));
      cut();
      await closed;
    },
  };
}

import { makeCertificates } from '@wagehood/testing';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { createServer, type Server } from 'node:https';
import type { AddressInfo, Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ClusterAccess } from '../kubernetes/access';
import type { ApiObject } from './kubernetes-objects';
import { ObjectStore, type StoredEvent } from './object-store';

export type Kind = 'deployments' | 'pods';

/**
 * An https server that answers as the Kubernetes API documents, for one namespace: lists with a resourceVersion, watches from one, with
 * bookmarks and 410 Gone, Status objects, the scale subresource. It can misbehave in every way that it is told to.
 */
export interface KubernetesApi {
  readonly store: Readonly<Record<Kind, ObjectStore>>;
  /** Access as a pod has it. */
  readonly access: Extract<ClusterAccess, { type: 'pod' }>;
  /** Access as a person has it: the path of a kubeconfig. */
  readonly kubeconfig: string;
  /** What was asked for, such as `list pods`, in order. */
  readonly asked: string[];
  /** Watches that are open now. */
  watches(): number;
  connections(): number;
  /** Answers everything with this status from now on; null: as it should. */
  answerWith(status: number | null): void;
  /** Accepts requests and never answers. */
  hang(on: boolean): void;
  /** Ends all watches: `reset` breaks the connections, `end` closes them as the server does at their timeout. */
  dropWatches(how: 'reset' | 'end'): void;
  /** Sends a bookmark with the newest version to all watches. */
  bookmark(): void;
  /** Sends this line to all watches as it is. */
  say(line: string): void;
  /** Stops listening, keeps its port and objects; `resume` listens again. */
  pause(): Promise<void>;
  resume(): Promise<void>;
  stop(): Promise<void>;
}

const TOKEN = 'token-of-a-service-account';
const SELECTOR = 'app.kubernetes.io/part-of=wagehood';
const PATH = /^\/(?:api\/v1|apis\/apps\/v1)\/namespaces\/wagehood\/(deployments|pods)(?:\/([\w-]+)\/scale)?$/;

const REASONS: Readonly<Record<number, string>> = {
  401: 'Unauthorized',
  403: 'Forbidden',
  404: 'NotFound',
  410: 'Expired',
};

const statusOf = (code: number, message = `the server says ${code}`) => ({
  kind: 'Status',
  apiVersion: 'v1',
  metadata: {},
  status: 'Failure',
  message,
  reason: REASONS[code] ?? 'InternalError',
  code,
});

interface Watcher {
  readonly response: ServerResponse;
  /** Tells it nothing more. */
  forget(): void;
}

export async function startKubernetesApi(): Promise<KubernetesApi> {
  const { ca, server: tls } = makeCertificates();
  let version = 1_000;
  const next = (): number => ++version;
  const store = { deployments: new ObjectStore(next), pods: new ObjectStore(next) };
  const asked: string[] = [];
  const watchers = new Set<Watcher>();
  const sockets = new Set<Socket>();
  let status: number | null = null;
  let hanging = false;

  const send = (response: ServerResponse, code: number, body: unknown): void => {
    response.writeHead(code, { 'content-type': 'application/json' }).end(JSON.stringify(body));
  };
  const line = ({ response }: Watcher, type: string, object: unknown): void => {
    response.write(`${JSON.stringify({ type, object })}\n`);
  };
  const openWatch = (kind: Kind, from: number, response: ServerResponse): void => {
    response.writeHead(200, { 'content-type': 'application/json' }).flushHeaders();
    const tell = ({ type, object }: StoredEvent): void => line(watcher, type, object);
    const forget = (): void => {
      store[kind].listeners.delete(tell);
      watchers.delete(watcher);
    };
    const watcher = { response, forget };
    const missed = store[kind].since(from);
    if (!missed) {
      line(watcher, 'ERROR', statusOf(410, `too old resource version: ${from}`));
      return void response.end();
    }
    missed.forEach(tell);
    store[kind].listeners.add(tell);
    watchers.add(watcher);
    response.on('close', forget);
  };
  const scale = async (name: string, request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const found = store.deployments.objects.get(name) as (ApiObject & { spec: { replicas: number } }) | undefined;
    if (!found) return send(response, 404, statusOf(404, `deployments.apps "${name}" not found`));
    if (request.method === 'PATCH') {
      if (request.headers['content-type'] !== 'application/merge-patch+json') return send(response, 415, statusOf(415));
      const chunks: Buffer[] = [];
      for await (const chunk of request) chunks.push(chunk as Buffer);
      const { spec } = JSON.parse(Buffer.concat(chunks).toString()) as { spec: { replicas: number } };
      store.deployments.put({ ...found, spec: { ...found.spec, ...spec } });
    }
    const { spec } = store.deployments.objects.get(name) as unknown as { spec: { replicas: number } };
    send(response, 200, {
      kind: 'Scale',
      apiVersion: 'autoscaling/v1',
      metadata: { name },
      spec: { replicas: spec.replicas },
    });
  };
  const answer = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const { pathname, searchParams: query } = new URL(request.url ?? '', 'https://kubernetes');
    const [, kind, scaled] = (PATH.exec(pathname) ?? []) as unknown as [string, Kind | undefined, string | undefined];
    const verb = scaled ? `${request.method} scale of` : query.get('watch') ? 'watch' : 'list';
    asked.push(`${verb} ${scaled ?? kind ?? pathname}`);
    if (hanging) return;
    if (status !== null) return send(response, status, statusOf(status));
    if (request.headers.authorization !== `Bearer ${TOKEN}`) return send(response, 401, statusOf(401));
    if (!kind) return send(response, 404, statusOf(404));
    if (scaled) return scale(scaled, request, response);
    if (query.get('labelSelector') !== SELECTOR)
      return send(response, 400, statusOf(400, 'another selector was expected'));
    if (query.get('watch')) return openWatch(kind, Number(query.get('resourceVersion')), response);
    const metadata = { resourceVersion: String(version) };
    send(response, 200, { kind: 'List', apiVersion: 'v1', metadata, items: [...store[kind].objects.values()] });
  };

  const create = (): Server => {
    const server = createServer(tls, (request, response) => void answer(request, response));
    server.on('secureConnection', (socket) => {
      sockets.add(socket);
      socket.once('close', () => sockets.delete(socket));
    });
    return server;
  };
  const listen = (server: Server, port: number): Promise<Server> =>
    new Promise((resolve, reject) => server.once('error', reject).listen(port, '127.0.0.1', () => resolve(server)));
  let server = await listen(create(), 0);
  const { port } = server.address() as AddressInfo;
  const pause = (): Promise<void> =>
    new Promise((resolve) => {
      server.close(() => resolve());
      for (const socket of sockets) socket.destroy();
    });
  const folder = writeAccount(ca, `https://127.0.0.1:${port}`);

  return {
    ...{ store, asked, pause },
    access: { type: 'pod', host: '127.0.0.1', port, folder },
    kubeconfig: join(folder, 'kubeconfig'),
    watches: () => watchers.size,
    connections: () => sockets.size,
    answerWith: (code) => void (status = code),
    hang: (on) => void (hanging = on),
    dropWatches(how) {
      for (const { response, forget } of watchers) {
        forget();
        if (how === 'end') response.end();
        else response.destroy();
      }
    },
    bookmark() {
      const metadata = { resourceVersion: String(version) };
      for (const watcher of watchers) line(watcher, 'BOOKMARK', { metadata });
    },
    say(text) {
      for (const { response } of watchers) response.write(`${text}\n`);
    },
    async resume() {
      server = await listen(create(), port);
    },
    async stop() {
      await pause();
      rmSync(folder, { recursive: true });
    },
  };
}

/** What Kubernetes mounts into a pod, and beside it a kubeconfig. */
function writeAccount(ca: string, server: string): string {
  const folder = mkdtempSync(join(tmpdir(), 'wagehood-account-'));
  const cluster = { server, 'certificate-authority-data': Buffer.from(ca).toString('base64') };
  const kubeconfig = {
    ...{ apiVersion: 'v1', kind: 'Config', 'current-context': 'test' },
    clusters: [{ name: 'test', cluster }],
    users: [{ name: 'test', user: { token: TOKEN } }],
    contexts: [{ name: 'test', context: { cluster: 'test', user: 'test', namespace: 'wagehood' } }],
  };
  const files = { 'ca.crt': ca, token: TOKEN, namespace: 'wagehood', kubeconfig: JSON.stringify(kubeconfig) };
  for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text);
  return folder;
}

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import type { Duplex } from 'node:stream';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { makeCertificates } from '@wagehood/testing';
import { Controller } from './controller';
import { discovery, kindOf } from './discovery';
import { Insides, type Places } from './insides';
import { merge, Objects, type ApiObject } from './objects';

/**
 * A server that answers kubectl as the Kubernetes API documents. Pods of workloads come and go and run nothing; what is applied as a pod,
 * and what `exec` asks for, runs as a process here.
 */
export interface Kubernetes {
  readonly kubeconfig: string;
  readonly objects: Objects;
  /** What was asked for and changed something, such as `PATCH deployments/api/scale`. */
  readonly changes: string[];
  /** Ends every exec and port-forward. */
  cutStreams(): void;
  stop(): Promise<void>;
}

const PATH =
  /^(\/api\/v1|\/apis\/[\w.]+\/v\d\w*)(?:\/namespaces\/([\w-]+)(?=\/))?\/([a-z]+)(?:\/([\w.-]+))?(?:\/(\w+))?$/;

/** What a server fills in, and kubectl looks at. */
const STATEFUL_DEFAULTS = { spec: { updateStrategy: { type: 'RollingUpdate', rollingUpdate: { partition: 0 } } } };

/** What is spoken inside SPDY, by the part of a pod that is asked for. */
const PROTOCOLS: Readonly<Record<string, string>> = {
  exec: 'v4.channel.k8s.io',
  portforward: 'portforward.k8s.io',
};

interface Asked {
  readonly method: string;
  readonly query: URLSearchParams;
  readonly collection: string;
  readonly resource: string;
  readonly name: string | undefined;
  readonly part: string | undefined;
  readonly body: unknown;
}

export async function startKubernetes(namespace: string, places: Places): Promise<Kubernetes> {
  const { ca, server: tls } = makeCertificates();
  const objects = new Objects();
  const changes: string[] = [];
  const insides = new Insides(places);
  const groupOf = (kind: string) => (kind === 'pods' ? '/api/v1' : '/apis/apps/v1');
  const controller = new Controller(objects, (kind) => `${groupOf(kind)}/${namespace}/${kind}`);
  const server = createServer(tls, (request, response) => {
    respond(request, response).catch((error: unknown) => send(response, 500, statusOf(500, String(error))));
  });

  const respond = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const { pathname, searchParams: query } = new URL(request.url ?? '', 'https://kubernetes');
    const method = request.method ?? 'GET';
    const known = discovery(pathname);
    if (known) return send(response, 200, known);
    const [, group, ns = '', resource = '', name, part] = PATH.exec(pathname) ?? [];
    if (!group) return send(response, 404, statusOf(404, `${pathname} is not found`));
    const body = await bodyOf(request);
    const collection = `${group}/${ns}/${resource}`;
    if (method !== 'GET') changes.push([method, [resource, name, part].filter(Boolean).join('/')].join(' '));
    answer({ method, query, collection, resource, name, part, body }, response);
  };

  const answer = (asked: Asked, response: ServerResponse): void => {
    const { method, query, collection, name, body } = asked;
    if (method === 'POST') return send(response, 201, store(asked, body as ApiObject));
    if (name === undefined) return query.get('watch') ? watch(asked, response) : send(response, 200, listOf(asked));
    const found = objects.get(collection, name);
    if (!found) return send(response, 404, statusOf(404, `"${name}" not found`));
    if (method === 'DELETE') return send(response, 200, remove(asked, found));
    if (asked.part === 'log') return sendText(response, insides.logs(name, Number(query.get('tailLines'))));
    if (asked.part === 'scale') return send(response, 200, scale(asked, found));
    send(response, 200, method === 'GET' ? found : store(asked, merge(found, body)));
  };

  const store = ({ collection, resource }: Asked, object: ApiObject): ApiObject => {
    const generation = (object.metadata.generation ?? 0) + 1;
    const whole = resource === 'statefulsets' ? merge(STATEFUL_DEFAULTS as unknown as ApiObject, object) : object;
    const stored = objects.put(collection, { ...whole, metadata: { ...object.metadata, generation } });
    if (resource === 'deployments' || resource === 'statefulsets') controller.reconcile(resource, stored.metadata.name);
    if (resource === 'pods') {
      const [container] = (object.spec?.['containers'] ?? []) as { command?: string[] }[];
      insides.start(object.metadata.name, container?.command ?? []);
      controller.run(stored);
    }
    return stored;
  };

  const scale = (asked: Asked, found: ApiObject): object => {
    const changed = asked.method === 'GET' ? found : store(asked, merge(found, asked.body));
    const { name, namespace: ns, resourceVersion } = changed.metadata;
    return {
      ...{ kind: 'Scale', apiVersion: 'autoscaling/v1', metadata: { name, namespace: ns, resourceVersion } },
      ...{ spec: { replicas: changed.spec?.['replicas'] ?? 1 }, status: { replicas: 0 } },
    };
  };

  const remove = ({ collection, resource, name = '', body, query }: Asked, found: ApiObject): ApiObject => {
    const grace =
      (body as { gracePeriodSeconds?: number } | null)?.gracePeriodSeconds ?? query.get('gracePeriodSeconds');
    if (resource === 'pods') controller.end(name, Number(grace ?? 1) === 0 ? 0 : 300);
    else objects.delete(collection, name);
    return found;
  };

  const listOf = (asked: Asked): object => ({
    ...{
      kind: `${kindOf(asked.resource)}List`,
      apiVersion: asked.collection.startsWith('/apis/apps') ? 'apps/v1' : 'v1',
    },
    metadata: { resourceVersion: objects.version },
    items: objects.list(asked.collection).filter((object) => isAskedFor(object, asked.query)),
  });

  const watch = ({ collection, query }: Asked, response: ServerResponse): void => {
    response.writeHead(200, { 'content-type': 'application/json' }).flushHeaders();
    const end = objects.watch((where, event) => {
      if (where === collection && isAskedFor(event.object, query)) response.write(`${JSON.stringify(event)}\n`);
    });
    response.on('close', end);
  };

  /** Newer versions of kubectl try a WebSocket first, and do without where a server has none for these two, as before 1.31. */
  server.on('upgrade', (request: IncomingMessage, socket: Duplex) => {
    const { pathname, searchParams } = new URL(request.url ?? '', 'https://kubernetes');
    const [, , , , , part] = PATH.exec(pathname) ?? [];
    const protocol = request.headers.upgrade === 'SPDY/3.1' ? PROTOCOLS[part ?? ''] : undefined;
    socket.on('error', () => socket.destroy());
    if (protocol === undefined) return void socket.end('HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n');
    const lines = ['101 Switching Protocols', 'Connection: Upgrade', 'Upgrade: SPDY/3.1'];
    socket.write(`HTTP/1.1 ${lines.join('\r\n')}\r\nX-Stream-Protocol-Version: ${protocol}\r\n\r\n`);
    const served = part === 'exec' ? insides.exec(socket, searchParams.getAll('command')) : insides.forward(socket);
    served.catch(() => socket.destroy());
    upgraded.add(socket);
  });
  const upgraded = new Set<Duplex>();
  const cutStreams = (): void => upgraded.forEach((socket) => void socket.destroy());

  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const folder = mkdtempSync(join(tmpdir(), 'wagehood-kubeconfig-'));
  const kubeconfig = join(folder, 'config');
  writeFileSync(kubeconfig, JSON.stringify(configOf(ca, (server.address() as AddressInfo).port)));
  return {
    ...{ kubeconfig, objects, changes, cutStreams },
    async stop() {
      controller.close();
      insides.close();
      cutStreams();
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
      rmSync(folder, { recursive: true });
    },
  };
}

/** The selectors that kubectl sends for what we ask: equality of labels, of a name, of the phase. */
function isAskedFor({ metadata, status }: ApiObject, query: URLSearchParams): boolean {
  const pairs = (text: string | null) =>
    (text ?? '')
      .split(',')
      .filter(Boolean)
      .map((pair) => pair.split(/==?/));
  const fields: Readonly<Record<string, unknown>> = {
    'metadata.name': metadata.name,
    'status.phase': status?.['phase'],
  };
  return (
    pairs(query.get('labelSelector')).every(([key = '', value]) => metadata.labels?.[key] === value) &&
    pairs(query.get('fieldSelector')).every(([key = '', value]) => fields[key] === value)
  );
}

function send(response: ServerResponse, code: number, body: unknown): void {
  response.writeHead(code, { 'content-type': 'application/json' }).end(JSON.stringify(body));
}

function sendText(response: ServerResponse, text: string): void {
  response.writeHead(200, { 'content-type': 'text/plain' }).end(text);
}

const statusOf = (code: number, message: string): object => ({
  ...{ kind: 'Status', apiVersion: 'v1', metadata: {}, status: 'Failure', code, message },
  reason: code === 404 ? 'NotFound' : 'InternalError',
});

async function bodyOf(request: IncomingMessage): Promise<unknown> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return chunks.length > 0 ? JSON.parse(Buffer.concat(chunks).toString()) : null;
}

const configOf = (ca: string, port: number): object => {
  const cluster = {
    server: `https://127.0.0.1:${port}`,
    'certificate-authority-data': Buffer.from(ca).toString('base64'),
  };
  return {
    ...{ apiVersion: 'v1', kind: 'Config', 'current-context': 'test' },
    clusters: [{ name: 'test', cluster }],
    users: [{ name: 'test', user: { token: 'x' } }],
    contexts: [{ name: 'test', context: { cluster: 'test', user: 'test' } }],
  };
};

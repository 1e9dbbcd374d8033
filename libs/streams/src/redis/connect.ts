import type { RedisSettings } from '@wagehood/config';
import type { StreamsLog } from '../log';
import { createClient, type Purpose, type RedisClient } from './create-client';
import { describeComplaint, describeFault, describeTarget } from './describe';

export type { RedisClient } from './create-client';

/** How a process speaks to Redis: one shared command connection, dedicated ones on request, and the state of both in words. */
export interface RedisLink {
  readonly commands: RedisClient;
  /** A dedicated connection, closed with the link. `blocking` has no command timeout; `queue` is what BullMQ asks for. */
  duplicate(purpose: 'blocking' | 'queue'): RedisClient;
  /** Resolves when Redis has answered once. Never rejects: while Redis is away or refuses us, `status` says why. */
  ready(): Promise<void>;
  status(): { readonly ok: boolean; readonly error: string | null };
  close(): Promise<void>;
}

/** A reply that Redis gave us for a wrong configuration is shown for this long: with the next one it is shown again. */
const COMPLAINT_MS = 5_000;

export function connectRedis(settings: RedisSettings, { name, log }: { name: string; log: StreamsLog }): RedisLink {
  const clients = new Set<RedisClient>();
  const target = `Redis at ${describeTarget(settings)}`;
  let problem: string | null = 'connecting';
  let complaint = { text: '', until: 0 };

  const onReplyError = (error: Error): void => {
    const text = describeComplaint(error, settings);
    if (text === null) return;
    if (text !== complaint.text) log.error(text);
    complaint = { text, until: performance.now() + COMPLAINT_MS };
  };
  const open = (purpose: Purpose): RedisClient => {
    const client = createClient(settings, { purpose, connectionName: `wagehood-${name}-${purpose}`, onReplyError });
    /** What this connection last complained of, so that it says it once and not with every attempt. */
    let told = '';
    const onFault = (error: Error): void => {
      const text = describeFault(error, settings);
      if (text !== problem && text !== told) log.warn(text, { connection: purpose });
      told = text;
      if (purpose === 'commands') problem = text;
    };
    clients.add(client);
    client.on('end', () => clients.delete(client));
    client.on('error', onFault);
    client.on('ready', () => (told = ''));
    if (purpose === 'commands') client.on('ready', () => (problem = null));
    return client;
  };

  const commands = open('commands');
  commands.on('close', () => {
    if (problem === null) problem = `${target} closed the connection; reconnecting`;
    if (problem === 'connecting') problem = `${target} closes the connection at once; if it speaks TLS, set REDIS_TLS`;
  });
  return {
    commands,
    duplicate: open,
    ready: () =>
      commands.status === 'ready' ? Promise.resolve() : new Promise((done) => commands.once('ready', () => done())),
    status() {
      const error = problem ?? (performance.now() < complaint.until ? complaint.text : null);
      return { ok: error === null, error };
    },
    async close() {
      for (const client of clients) client.disconnect();
      clients.clear();
    },
  };
}

/** The connection that BullMQ builds its own duplicates from. */
export const queueConnection = (link: RedisLink): RedisClient => link.duplicate('queue');

import { workspaceRoot, type Servers } from '@wagehood/fleet';
import { startTlsRedis } from '@wagehood/testing';
import { connectRedis, silentLog } from '@wagehood/streams';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

export const services = ['ingestion', 'calculation-worker', 'strategy-evaluator', 'alerting', 'api'] as const;
export const passwordOf = (user: string): string => `password-of-${user}`;
const ADMIN = 'admin';

/** The users that come with the product, with passwords, and one for the test itself. */
export const shippedUsers = (): string[] => [
  ...readFileSync(join(workspaceRoot, 'deploy/redis/users.acl'), 'utf8')
    .trim()
    .split('\n')
    .map((line) => line.replace(/^user (\S+) on/, (start, user: string) => `${start} >${passwordOf(user)}`)),
  `user ${ADMIN} on >${passwordOf(ADMIN)} ~* &* +@all`,
];

/** A Redis that speaks TLS alone, wants a certificate, and knows nobody but the users that come with the product. */
export async function startSecured(): Promise<Servers & { check(): Promise<void>; stop(): Promise<void> }> {
  const redis = await startTlsRedis({ users: shippedUsers() });
  const { ca, client } = redis.certificates;
  const base = { host: '127.0.0.1', port: redis.tlsPort, tls: { ca, ...client } };
  const settings = { ...base, username: ADMIN, password: passwordOf(ADMIN) };
  return {
    settings,
    environment: (service) => ({
      REDIS_URL: redis.tlsUrl,
      REDIS_USERNAME: service,
      REDIS_PASSWORD: passwordOf(service),
      REDIS_TLS_CA: ca,
      REDIS_TLS_CERT: client.cert,
      REDIS_TLS_KEY: client.key,
    }),
    async check() {
      const link = connectRedis(settings, { name: 'admin', log: silentLog });
      const denied = (await link.commands.acl('LOG')) as unknown[];
      await link.close();
      expect(denied).toEqual([]);
    },
    stop: redis.stop,
  };
}

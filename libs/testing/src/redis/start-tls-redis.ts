import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { makeCertificates, type TestCertificates } from '../tls/make-certificates';
import { freePort } from './free-port';
import { startRedis, type StartRedisOptions, type TestRedis } from './start-redis';

export interface TestTlsRedis extends TestRedis {
  /** Speaks TLS and nothing else; the unix socket is plain, for the test itself. */
  readonly tlsPort: number;
  /** `rediss://127.0.0.1:port`. */
  readonly tlsUrl: string;
  readonly certificates: TestCertificates;
}

/** A private Redis that speaks TLS on a loopback port and, unless told otherwise, wants a certificate of its clients. */
export async function startTlsRedis(
  options: Pick<StartRedisOptions, 'args' | 'users'> & { readonly clientCertificates?: 'required' | 'no' } = {},
): Promise<TestTlsRedis> {
  const certificates = makeCertificates();
  const folder = await mkdtemp(join(tmpdir(), 'wagehood-tls-'));
  const tlsPort = await freePort();
  const { ca, server } = certificates;
  const [caFile, certFile, keyFile] = [join(folder, 'ca.pem'), join(folder, 'server.pem'), join(folder, 'server.key')];
  await Promise.all([
    writeFile(caFile, ca),
    writeFile(certFile, server.cert),
    writeFile(keyFile, server.key, { mode: 0o600 }),
  ]);
  const tlsArgs = [
    ...['--tls-port', `${tlsPort}`, '--bind', '127.0.0.1', '--tls-ca-cert-file', caFile],
    ...['--tls-cert-file', certFile, '--tls-key-file', keyFile],
    ...['--tls-auth-clients', options.clientCertificates === 'no' ? 'no' : 'yes'],
  ];
  const removeFolder = () => rm(folder, { recursive: true, force: true });
  const redis = await startRedis({ users: options.users, args: [...tlsArgs, ...(options.args ?? [])] }).catch(
    async (error: unknown) => {
      await removeFolder();
      throw error;
    },
  );
  const stop = async () => {
    await redis.stop();
    await removeFolder();
  };
  // `pid` is a getter and must stay one.
  return Object.assign(Object.create(redis) as TestRedis, {
    tlsPort,
    tlsUrl: `rediss://127.0.0.1:${tlsPort}`,
    certificates,
    stop,
  });
}

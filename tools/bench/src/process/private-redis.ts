import { startRedis, type TestRedis } from '@wagehood/testing';
import type { Scope } from './scope';

export type PrivateRedis = TestRedis;

/**
 * A Redis of its own for every contestant, set up as the local runner does: AOF every second, no eviction. With 4 GB: 20 000
 * symbols come to more than 1.5, and from 85 % of the limit on nothing is appended.
 */
export async function startPrivateRedis(scope: Scope): Promise<PrivateRedis> {
  const args = ['--appendonly', 'yes', '--appendfsync', 'everysec', '--maxmemory', '4gb'];
  args.push('--auto-aof-rewrite-min-size', '1gb', '--auto-aof-rewrite-percentage', '300', '--rdbcompression', 'no');
  const redis = await startRedis({ args });
  scope.add(() => redis.stop());
  return redis;
}

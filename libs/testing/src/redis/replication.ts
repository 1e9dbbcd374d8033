import { ask } from './ask';
import type { TestRedis } from './start-redis';

/** The user with which replicas of our test servers follow their primary: what it may not do, no replica gets. */
const USER = 'replica';
const PASSWORD = 'replica';

/** Line of the ACL file of a server that may be a primary. */
export const replicaUser = `user ${USER} on >${PASSWORD} +psync +replconf +ping`;

/** Arguments of a server that may be a primary as well as a replica; a replica follows at once. */
export const replicationArgs: readonly string[] = [
  ...['--masteruser', USER, '--masterauth', PASSWORD],
  ...['--repl-diskless-sync', 'yes', '--repl-diskless-sync-delay', '0', '--repl-ping-replica-period', '1'],
];

/** A server on a loopback port. */
export interface TestNode {
  readonly host: string;
  readonly port: number;
  readonly redis: TestRedis;
}

export const addressesOf = (nodes: readonly TestNode[]): string =>
  nodes.map(({ host, port }) => `${host}:${port}`).join(',');

/**
 * From now on nothing that `primary` takes reaches its replicas, though it confirms everything: what is written after this is
 * lost when it dies. It knows its replicas again after a restart.
 */
export async function cutReplication(primary: TestNode): Promise<void> {
  await ask(primary, 'ACL', 'SETUSER', USER, 'off');
  await ask(primary, 'CLIENT', 'KILL', 'USER', USER); // by name, for one that still shakes hands is no replica yet
}

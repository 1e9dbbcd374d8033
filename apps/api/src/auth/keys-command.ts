import { parseArgs } from 'node:util';
import { createApiKey, SCOPES, type Scope } from './api-key';
import type { KeyStore } from './key-store';

export const KEYS_USAGE = `usage:
  keys create --name NAME [--scopes read,write,admin]   makes a key and prints it, this once (default scope: read)
  keys list                                              shows every key without its secret
  keys revoke ID                                         takes a key away; it stops working within a second`;

/** Where a command writes: results to `out`, remarks to `err`. */
export interface Terminal {
  out(line: string): void;
  err(line: string): void;
}

export type KeysCommand =
  | { readonly action: 'create'; readonly name: string; readonly scopes: readonly Scope[] }
  | { readonly action: 'list' }
  | { readonly action: 'revoke'; readonly id: string };

/** Reads the words behind `keys`. @returns the command, or a line that says what is wrong with it */
export function parseKeysCommand(words: readonly string[]): KeysCommand | string {
  try {
    const { values, positionals } = parseArgs({
      args: [...words],
      allowPositionals: true,
      options: { name: { type: 'string' }, scopes: { type: 'string', default: 'read' } },
    });
    const [action, id, ...rest] = positionals;
    if (rest.length > 0) return `too many words: ${rest.join(' ')}`;
    if (action === 'list' && id === undefined) return { action };
    if (action === 'revoke') return id === undefined ? 'keys revoke needs the ID of a key' : { action, id };
    if (action === 'create' && id === undefined) return parseCreate(values.name, values.scopes);
    return action === undefined ? 'keys needs an action' : `unknown action: ${[action, id].filter(Boolean).join(' ')}`;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

function parseCreate(name: string | undefined, scopesText: string): KeysCommand | string {
  if (!name || !/^[\w .@-]{1,64}$/.test(name)) return '--name is needed: 1 to 64 letters, digits, blanks or . _ @ -';
  const scopes = scopesText.split(',').map((scope) => scope.trim());
  const unknown = scopes.filter((scope) => !SCOPES.some((known) => known === scope));
  if (unknown.length > 0) return `unknown scope '${unknown.join(', ')}'; there are ${SCOPES.join(', ')}`;
  return { action: 'create', name, scopes: SCOPES.filter((scope) => scopes.includes(scope)) };
}

/** Carries a command out. @returns the exit code */
export async function runKeysCommand(command: KeysCommand, store: KeyStore, terminal: Terminal): Promise<0 | 1> {
  if (command.action === 'create') {
    const { key, record } = createApiKey(command.name, command.scopes, new Date());
    await store.add(record);
    terminal.out(key);
    terminal.err(
      `key ${record.id} (${record.name}) may ${record.scopes.join(', ')}. Keep it now: it is not shown again.`,
    );
    return 0;
  }
  if (command.action === 'revoke') {
    const revoked = await store.revoke(command.id);
    terminal.err(revoked ? `key ${command.id} is revoked` : `there is no key ${command.id}; see keys list`);
    return revoked ? 0 : 1;
  }
  const records = await store.list();
  if (records.length === 0) terminal.err('there are no keys; make one with: keys create --name NAME --scopes read');
  for (const { id, name, scopes, createdAt } of records)
    terminal.out([id, scopes.join(','), createdAt, name].join('  '));
  return 0;
}

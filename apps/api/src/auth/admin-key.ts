import type { Kind } from '@wagehood/config';
import { keyRecord, parseApiKey } from './api-key';
import type { KeyStore } from './key-store';

export const apiKeyKind: Kind<string> = {
  expected: 'wh_, 12 hex digits, _ and 64 hex digits',
  parse: (text) => (parseApiKey(text) ? text : undefined),
};

/**
 * A store with one key more, which is nowhere stored: the one that the environment gives, for as long as it gives it. So a cluster
 * can make a key before there is an api.
 */
export function withAdminKey(store: KeyStore, text: string | undefined): KeyStore {
  const key = parseApiKey(text ?? '');
  if (!key) return store;
  const record = keyRecord(key, 'API_ADMIN_KEY', ['admin'], new Date());
  return { ...store, find: async (id) => (id === key.id ? record : store.find(id)) };
}

import { allows, createApiKey, parseApiKey, secretMatches } from './api-key';
import { apiKeyKind, withAdminKey } from './admin-key';
import { parseKeysCommand } from './keys-command';

describe('api keys', () => {
  const { key, record } = createApiKey('bot', ['read'], new Date(0));

  it('are recognised by their secret alone', () => {
    const presented = parseApiKey(key);
    expect(presented?.id).toBe(record.id);
    expect(secretMatches(record, presented?.secret ?? '')).toBe(true);
    expect(secretMatches(record, createApiKey('x', ['read'], new Date()).key.split('_')[2] ?? '')).toBe(false);
    expect(JSON.stringify(record)).not.toContain(presented?.secret);
  });

  it('have one shape', () => {
    for (const text of ['', 'wh_', key.slice(0, -1), `${key}a`, key.toUpperCase(), ` ${key}`]) {
      expect(parseApiKey(text)).toBeNull();
    }
  });

  it('may do what their scopes say; admin may do everything', () => {
    expect([allows(record, 'read'), allows(record, 'write')]).toEqual([true, false]);
    expect(allows({ ...record, scopes: ['admin'] }, 'write')).toBe(true);
  });
});

describe('parseKeysCommand', () => {
  it('reads the three actions', () => {
    const create = parseKeysCommand(['create', '--name', 'bot', '--scopes', 'write, read']);
    expect(create).toEqual({ action: 'create', name: 'bot', scopes: ['read', 'write'] });
    expect(parseKeysCommand(['create', '--name', 'bot'])).toMatchObject({ scopes: ['read'] });
    expect(parseKeysCommand(['list'])).toEqual({ action: 'list' });
    expect(parseKeysCommand(['revoke', 'abc'])).toEqual({ action: 'revoke', id: 'abc' });
  });

  it.each([
    [[], /needs an action/],
    [['delete', 'x'], /unknown action: delete x/],
    [['create'], /--name is needed/],
    [['create', '--name', 'a\nb'], /--name is needed/],
    [['create', '--name', 'bot', '--scopes', 'root'], /unknown scope 'root'/],
    [['revoke'], /ID/],
    [['list', 'a', 'b'], /too many words/],
    [['list', '--all'], /--all/],
  ])('says what is wrong with %j', (words, reason) => {
    expect(parseKeysCommand(words)).toMatch(reason);
  });
});

describe('the key of the environment', () => {
  const { key, record } = createApiKey('x', ['read'], new Date(0));
  const store = { find: async () => null, list: async () => [], add: async () => undefined, revoke: async () => false };

  it('may do everything and is stored nowhere', async () => {
    const found = await withAdminKey(store, key).find(record.id);
    expect(found).toMatchObject({ scopes: ['admin'], hash: record.hash });
    expect(await withAdminKey(store, key).find('another')).toBeNull();
    expect(withAdminKey(store, undefined)).toBe(store);
  });

  it('has the shape of every key', () => {
    expect(apiKeyKind.parse(key)).toBe(key);
    expect(apiKeyKind.parse('password')).toBeUndefined();
  });
});

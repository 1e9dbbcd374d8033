import type { LookupAddress } from 'node:dns';
import { Undeliverable } from './channel';
import { checkHost, guardedLookup } from './guarded-lookup';

const resolving = (...addresses: string[]) =>
  guardedLookup((_host, _options, done) =>
    done(
      null,
      addresses.map((address): LookupAddress => ({ address, family: address.includes(':') ? 6 : 4 })),
    ),
  );

const look = (lookup: ReturnType<typeof guardedLookup>, all = false) =>
  new Promise((resolve, reject) =>
    lookup('hooks.example', { all }, (error, address) => (error ? reject(error) : resolve(address))),
  );

describe('guardedLookup', () => {
  it('gives the address that it has checked', async () => {
    expect(await look(resolving('93.184.216.34'))).toBe('93.184.216.34');
    expect(await look(resolving('93.184.216.34', '2606:4700::1'), true)).toHaveLength(2);
  });

  it.each([['127.0.0.1'], ['::ffff:169.254.169.254'], ['93.184.216.34', '10.0.0.1'], []])(
    'refuses a name that means %j',
    async (...addresses: string[]) => {
      await expect(look(resolving(...addresses), true)).rejects.toThrow(Undeliverable);
    },
  );

  it('hands on what the resolver complains about, which may pass', async () => {
    const failing = guardedLookup((_host, _options, done) => done(new Error('EAI_AGAIN'), []));
    await expect(look(failing)).rejects.toThrow('EAI_AGAIN');
    await expect(look(failing)).rejects.not.toThrow(Undeliverable);
  });
});

describe('checkHost', () => {
  it.each([
    'http://127.0.0.1/',
    'http://2130706433/',
    'http://0x7f.1/',
    'http://0177.0.0.1/',
    'http://[::1]/',
    'http://[::ffff:127.0.0.1]/',
    'http://169.254.169.254/latest/meta-data',
  ])('refuses %s', (url) => expect(() => checkHost(new URL(url).hostname)).toThrow(Undeliverable));

  it.each(['http://8.8.8.8/', 'http://[2606:4700::1]/', 'https://hooks.example/'])('lets %s pass', (url) =>
    expect(() => checkHost(new URL(url).hostname)).not.toThrow(),
  );
});

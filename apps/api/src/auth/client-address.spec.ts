import type { IncomingMessage } from 'node:http';
import { clientAddress } from './client-address';

const request = (forwarded?: string, remoteAddress = '1.1.1.1') =>
  ({ socket: { remoteAddress }, headers: { 'x-forwarded-for': forwarded } }) as unknown as IncomingMessage;

describe('clientAddress', () => {
  it.each([
    [0, 'x, 2.2.2.2', '1.1.1.1'],
    [1, undefined, '1.1.1.1'],
    [1, 'x, 2.2.2.2', '2.2.2.2'],
    [2, 'x,3.3.3.3 , 2.2.2.2', '3.3.3.3'],
    [9, '3.3.3.3, 2.2.2.2', '3.3.3.3'],
    [1, '', 'unknown'],
  ])('believes %i proxies of %j', (hops, forwarded, address) => {
    expect(clientAddress(request(forwarded), hops)).toBe(address);
  });

  it.each([
    ['::ffff:1.2.3.4', '1.2.3.4'],
    ['2001:db8::1', '2001:db8::1'],
    ['::ffff:1', '::ffff:1'],
  ])('knows %s as %s', (remote, address) => {
    expect(clientAddress(request(undefined, remote), 0)).toBe(address);
    expect(clientAddress(request(remote), 1)).toBe(address);
  });
});

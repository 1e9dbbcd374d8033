import { lookup as systemLookup, type LookupAddress, type LookupOptions } from 'node:dns';
import type { LookupFunction } from 'node:net';
import { Undeliverable } from './channel';
import { isPublicAddress } from './public-address';

type LookupAll = (
  host: string,
  options: LookupOptions & { all: true },
  done: (error: NodeJS.ErrnoException | null, addresses: LookupAddress[]) => void,
) => void;

/**
 * A lookup that refuses hosts inside our own network. It decides about the very addresses that the socket is about to
 * connect to, so a name that answers differently a second time (DNS rebinding) gains nothing.
 */
export function guardedLookup(resolve: LookupAll = systemLookup): LookupFunction {
  return (host, options, done) => {
    resolve(host, { ...options, all: true }, (error, addresses) => {
      if (error) return done(error, '', 0);
      const inside = addresses.find(({ address }) => !isPublicAddress(address));
      const [first] = addresses;
      if (inside || !first) return done(refusal(host), '', 0);
      if (options.all) return done(null, addresses);
      return done(null, first.address, first.family);
    });
  };
}

/** Sockets skip the lookup when the host is an address already; such hosts are checked here. */
export function checkHost(host: string): void {
  const bare = host.replace(/^\[(.*)\]$/, '$1');
  const isAddress = /^[\d.]+$/.test(bare) || bare.includes(':');
  if (isAddress && !isPublicAddress(bare)) throw refusal(host);
}

const refusal = (host: string): Undeliverable =>
  new Undeliverable(`${host} is a private or local address; set allow_private on the channel if that is intended`);

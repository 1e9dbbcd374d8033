import type { IncomingMessage } from 'node:http';

/**
 * The address that a request comes from: the one that our own connection shows or, behind `hops` proxies that are believed, the
 * one that the outermost of them has written into `X-Forwarded-For`.
 */
export function clientAddress({ socket, headers }: IncomingMessage, hops: number): string {
  const own = plain(socket.remoteAddress ?? 'unknown');
  const forwarded = headers['x-forwarded-for'];
  if (hops === 0 || forwarded === undefined) return own;
  const nearestFirst = [own, ...String(forwarded).split(',').reverse()];
  return plain(nearestFirst[Math.min(hops, nearestFirst.length - 1)]?.trim() || 'unknown');
}

/** A socket that listens to both kinds shows an IPv4 address inside an IPv6 one. */
const plain = (address: string): string => address.replace(/^::ffff:(?=\d+(\.\d+){3}$)/i, '');

import ipaddr from 'ipaddr.js';

/** Public by number, but answered by the cloud's own host (Azure's wire server). */
const REFUSED = ['168.63.129.16'];

/** All of IPv6 that is handed out to the world; whatever lies outside is special. */
const GLOBAL_UNICAST = ipaddr.parseCIDR('2000::/3');

/**
 * Whether an address belongs to the public internet: not private, loopback, link-local (and so no metadata service), shared,
 * multicast or reserved, and no IPv6 spelling of such an IPv4 address.
 */
export function isPublicAddress(text: string): boolean {
  if (!ipaddr.isValid(text)) return false;
  const address = ipaddr.process(text);
  if (address.range() !== 'unicast') return false;
  if (address.kind() === 'ipv6') return address.match(GLOBAL_UNICAST);
  return !REFUSED.includes(address.toString());
}

import { parse as parseAddress, parseCIDR } from 'ipaddr.js';
import type { Manifest } from './manifest';

export type Labels = Readonly<Record<string, string>>;
export interface Port {
  readonly port: number;
  readonly protocol?: 'TCP' | 'UDP';
}

/** One end of a connection: a pod of ours, a pod of another namespace (`namespace`: its labels), or an address. */
export interface End {
  readonly name: string;
  readonly labels?: Labels;
  /** Absent: a pod of our namespace. */
  readonly namespace?: Labels;
  readonly address?: string;
  /** Its container ports, for policies that name them. */
  readonly ports?: readonly { readonly name?: string; readonly containerPort: number }[];
}

interface Selector {
  readonly matchLabels?: Labels;
  readonly matchExpressions?: readonly { readonly key: string; readonly operator: string; readonly values: string[] }[];
}
interface Peer {
  readonly podSelector?: Selector;
  readonly namespaceSelector?: Selector;
  readonly ipBlock?: { readonly cidr: string; readonly except?: readonly string[] };
}
interface Rule {
  readonly from?: readonly Peer[];
  readonly to?: readonly Peer[];
  readonly ports?: readonly { readonly protocol?: string; readonly port?: number | string }[];
}
interface Policy {
  readonly podSelector: Selector;
  readonly policyTypes: readonly string[];
  readonly ingress?: readonly Rule[];
  readonly egress?: readonly Rule[];
}

/**
 * Whether NetworkPolicies let one end open a connection to the other, as the API documents them: an end that no policy selects is free,
 * policies add up, and both ends must agree.
 */
export function isOpen(manifests: readonly Manifest[], from: End, to: End, port: Port): boolean {
  const policies = manifests
    .filter(({ kind }) => kind === 'NetworkPolicy')
    .map((manifest) => manifest['spec'] as unknown as Policy);
  return allows(policies, 'Egress', from, to, to, port) && allows(policies, 'Ingress', to, from, to, port);
}

/** @param target the end whose port it is, whichever of the two is asked */
function allows(
  policies: readonly Policy[],
  type: 'Egress' | 'Ingress',
  end: End,
  other: End,
  target: End,
  port: Port,
) {
  const isOurs = end.labels !== undefined && end.namespace === undefined;
  const applied = policies.filter(
    ({ podSelector, policyTypes }) => isOurs && policyTypes.includes(type) && selects(podSelector, end.labels ?? {}),
  );
  const rules = applied.flatMap(({ egress = [], ingress = [] }) => (type === 'Egress' ? egress : ingress));
  const fits = ({ from, to, ports }: Rule) => {
    const peers = type === 'Egress' ? to : from;
    return (
      (peers?.some((peer) => isPeer(peer, other)) ?? true) && (ports?.some((p) => isPort(p, target, port)) ?? true)
    );
  };
  return applied.length === 0 || rules.some(fits);
}

function isPeer({ ipBlock, podSelector = {}, namespaceSelector }: Peer, end: End): boolean {
  if (ipBlock) return end.address !== undefined && isIn(end.address, ipBlock.cidr, ipBlock.except);
  if (!end.labels || !selects(podSelector, end.labels)) return false;
  return namespaceSelector ? selects(namespaceSelector, end.namespace ?? {}) : end.namespace === undefined;
}

function isIn(text: string, cidr: string, except: readonly string[] = []): boolean {
  const address = parseAddress(text);
  const within = (block: string) => {
    const [range, bits] = parseCIDR(block);
    return range.kind() === address.kind() && address.match([range, bits]);
  };
  return within(cidr) && !except.some(within);
}

function isPort({ protocol = 'TCP', port }: { protocol?: string; port?: number | string }, target: End, asked: Port) {
  if (protocol !== (asked.protocol ?? 'TCP')) return false;
  const number = typeof port === 'string' ? target.ports?.find(({ name }) => name === port)?.containerPort : port;
  return port === undefined || number === asked.port;
}

const selects = ({ matchLabels = {}, matchExpressions = [] }: Selector, labels: Labels): boolean =>
  Object.entries(matchLabels).every(([name, value]) => labels[name] === value) &&
  matchExpressions.every(({ key, operator, values }) => operator === 'In' && values.includes(labels[key] ?? ''));

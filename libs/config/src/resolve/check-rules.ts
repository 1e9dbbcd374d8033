import type { Fault } from '../fault';
import { didYouMean } from '../nearest';
import type { ChannelSettings, Settings } from '../settings/settings';

type ChannelOf<Type extends ChannelSettings['type']> = Extract<ChannelSettings, { readonly type: Type }>;

const known = (names: readonly string[]) =>
  names.length > 0 ? `one of ${names.join(', ')}` : 'a channel in alerts.channels';

/** Rules may only name channels and strategies that exist. Symbols may come and go, so a foreign one is a warning. */
export function checkRules({ alerts, strategies }: Settings): Fault[] {
  const channels = Object.keys(alerts.channels);
  const strategyNames = strategies.map(({ name }) => name);
  return alerts.rules.flatMap((rule, index): Fault[] => {
    const path = `alerts.rules[${index}] ${rule.name}`;
    return [
      ...unknown(`${path}.channels`, 'channel', rule.channels, channels),
      ...unknown(`${path}.match.strategies`, 'strategy', rule.match.strategies ?? [], strategyNames),
      ...foreign(path, rule),
    ];
  });
}

const OF_SIGNALS = ['strategies', 'sides', 'timeframes', 'min_confidence'] as const;

/** A rule asks for what the things that it matches have. */
function foreign(path: string, { on, match }: Settings['alerts']['rules'][number]): Fault[] {
  const system = on === 'system';
  const wrong = system ? OF_SIGNALS : (['events'] as const);
  return wrong
    .filter((field) => match[field] !== undefined)
    .map((field) => ({
      path: `${path}.match.${field}`,
      message: `does not apply to a rule on ${system ? 'system events' : 'signals'}`,
      expected: system ? 'symbols or events' : 'on: system',
    }));
}

/** What belongs together, or excludes each other, in one channel. */
export function checkChannels({ alerts }: Settings): Fault[] {
  return Object.entries(alerts.channels).flatMap(([name, channel]) => {
    const path = `alerts.channels.${name}`;
    if (channel.type === 'webhook') return faultsOfWebhook(path, channel);
    return channel.type === 'email' ? faultsOfEmail(path, channel) : [];
  });
}

/** One secret, here or in the environment. */
const faultsOfWebhook = (path: string, { secret, secret_env: variable }: ChannelOf<'webhook'>): Fault[] =>
  secret !== undefined && variable !== undefined
    ? [{ path: `${path}.secret_env`, message: 'is set as well as secret', expected: 'one of the two' }]
    : [];

/** Who logs in has a name and a password, and says neither in the clear. */
function faultsOfEmail(path: string, { username, password_env: variable, security }: ChannelOf<'email'>): Fault[] {
  if (username === undefined && variable === undefined) return [];
  if (username === undefined) return [{ path: `${path}.username`, message: 'is missing beside password_env' }];
  if (variable === undefined) return [{ path: `${path}.password_env`, message: 'is missing beside username' }];
  if (security !== 'none') return [];
  const message = '"none" would send the password in the clear';
  return [{ path: `${path}.security`, message, expected: 'starttls or tls' }];
}

function unknown(path: string, what: string, named: readonly string[], existing: readonly string[]): Fault[] {
  return named
    .filter((name) => !existing.includes(name))
    .map((name) => ({
      path,
      message: `${what} ${name} does not exist${didYouMean(name, existing)}`,
      expected: known(existing),
    }));
}

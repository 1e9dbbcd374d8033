import type { Fault } from '../fault';
import { didYouMean } from '../nearest';
import type { Settings } from '../settings/settings';

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

/** A channel has one secret, here or in the environment. */
export function checkChannels({ alerts }: Settings): Fault[] {
  return Object.entries(alerts.channels).flatMap(([name, channel]) =>
    channel.type === 'webhook' && channel.secret !== undefined && channel.secret_env !== undefined
      ? [
          {
            path: `alerts.channels.${name}.secret_env`,
            message: 'is set as well as secret',
            expected: 'one of the two',
          },
        ]
      : [],
  );
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

import { knownFields } from './known-fields';

it.each<[PropertyKey[], string[]]>([
  [[], ['indicators', 'strategies', 'system', 'watchlist', 'alerts', 'sessions']],
  [
    ['watchlist', 0],
    ['symbol', 'enabled', 'data_provider', 'timeframes', 'priority'],
  ],
  [
    ['alerts', 'rules', 3, 'match'],
    ['strategies', 'symbols', 'sides', 'timeframes', 'min_confidence', 'events'],
  ],
  [
    ['alerts', 'channels', 'x'],
    [
      ...['type', 'type', 'url', 'secret', 'secret_env', 'allow_private'],
      ...['type', 'host', 'port', 'security', 'ca', 'from', 'to', 'username', 'password_env', 'allow_private'],
    ],
  ],
  [['nowhere', 0], []],
])('at %p', (path, fields) => expect(knownFields(path)).toEqual(fields));

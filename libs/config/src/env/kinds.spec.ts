import { bytes, boolean, integer, list, logLevel, number, oneOf, timeframeList, type Kind } from './kinds';

const table = <T>(name: string, kind: Kind<T>, accepted: [string, T][], refused: string[]) => {
  describe(name, () => {
    it.each(accepted)('reads %p', (raw, value) => expect(kind.parse(raw)).toEqual(value));
    it.each(refused)('refuses %p', (raw) => expect(kind.parse(raw)).toBeUndefined());
  });
};

table(
  'integer',
  integer(1, 10),
  [
    ['1', 1],
    ['10', 10],
    ['+3', 3],
  ],
  ['0', '11', '1.5', '1e1', '0x3', ' ', 'ten', 'NaN', ''],
);
table(
  'number',
  number(0.05, 60),
  [
    ['0.25', 0.25],
    ['.5', 0.5],
    ['6e1', 60],
    ['5.', 5],
  ],
  ['0', '61', 'Infinity', 'NaN', '0x1', '1,5', ''],
);
table(
  'boolean',
  boolean,
  [
    ['true', true],
    ['No', false],
    ['1', true],
    ['OFF', false],
  ],
  ['', 'maybe', '2'],
);
table('oneOf', oneOf('on', 'off'), [['on', 'on']], ['ON', '', 'true']);
table(
  'logLevel',
  logLevel,
  [
    ['INFO', 'info'],
    ['WARNING', 'warn'],
    ['debug', 'debug'],
  ],
  ['loud', 'trace', ''],
);
table('list', list(integer(1, 9), ''), [['1, 2,,3', [1, 2, 3]]], ['', ' , ', '1,x']);
table('timeframeList', timeframeList, [['1m,1h', ['1m', '1h']]], ['1m,2m']);
table(
  'bytes',
  bytes,
  [
    ['2gb', 2 * 1024 ** 3],
    ['512MB', 512 * 1024 ** 2],
    ['100k', 100_000],
    ['1048576', 1_048_576],
  ],
  ['0', '2tb', '-1gb', 'gb', '1.5gb', '999999999999999gb'],
);

import { parseTime } from './parse-time';

describe('parseTime', () => {
  it.each([
    ['2000-01-03', Date.UTC(2000, 0, 3)],
    ['20000103', Date.UTC(2000, 0, 3)],
    ['2000-01-03 09:30', Date.UTC(2000, 0, 3, 9, 30)],
    ['2000-01-03T09:30:15.250', Date.UTC(2000, 0, 3, 9, 30, 15, 250)],
    ['2000-01-03T09:30:00-05:00', Date.UTC(2000, 0, 3, 14, 30)],
    ['2000-01-03 09:30:00+0100', Date.UTC(2000, 0, 3, 8, 30)],
    [946857600, Date.UTC(2000, 0, 3)],
    [946857600000, Date.UTC(2000, 0, 3)],
    ['946857600', Date.UTC(2000, 0, 3)],
  ])('reads %p', (text, expected) => expect(parseTime(text)).toBe(expected));

  it.each([
    '',
    null,
    undefined,
    'tomorrow',
    '03/01/2000',
    '2000-02-30',
    '2000-02-30 10:00',
    '2000-13-01',
    '1e400',
    '9999999999999999',
    '-5',
  ])('does not guess at %p', (text) => expect(parseTime(text)).toBeNaN());
});

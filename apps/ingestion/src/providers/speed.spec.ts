import { parseSpeed } from './speed';

describe('parseSpeed', () => {
  it.each([
    ['max', { kind: 'max' }],
    ['realtime', { kind: 'factor', factor: 1 }],
    ['×60', { kind: 'factor', factor: 60 }],
    ['x0.5', { kind: 'factor', factor: 0.5 }],
    ['60X', { kind: 'factor', factor: 60 }],
    ['10', { kind: 'factor', factor: 10 }],
    ['20/s', { kind: 'steps', perSecond: 20 }],
  ])('reads %s', (text, speed) => expect(parseSpeed(text)).toEqual(speed));

  it.each(['', 'fast', '-1', 'x0', '0/s', '1e99', '5/min'])('refuses %p', (text) =>
    expect(parseSpeed(text)).toBeNull(),
  );
});

import fc from 'fast-check';
import { Succession } from './succession';

describe('Succession', () => {
  it('finds what a map finds, in whatever order it is asked', () => {
    const name = fc.constantFrom('SPY', 'QQQ', 'IWM', 'BTC-USD', '__proto__');
    fc.assert(
      fc.property(fc.array(fc.record({ name, isNew: fc.boolean() })), (steps) => {
        const map = new Map([['SPY', -1]]);
        const succession = new Succession(map);
        steps.forEach(({ name, isNew }, i) => {
          if (isNew) {
            succession.set(name, i);
            map.set(name, i);
          }
          expect(succession.get(`${name.slice(0, 1)}${name.slice(1)}`)).toBe(map.get(name));
        });
      }),
    );
  });
});

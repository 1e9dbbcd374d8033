import { BARS, placeOf, type Law, type Subject } from './laws';
import { generateMarket, MARKETS } from './markets';
import type { Fired } from './run-strategies';
import { mirrorPrices, roundPrices, scalePrices } from './transform-bars';

/** That the currency does not matter. */
export function scaleLaws(subject: Subject): Law[] {
  return [
    { name: 'decides bit for bit the same at prices times 1024', check: () => isExactAt1024(subject) },
    { name: 'has the same confidence to 1e-9 at prices times 1000', check: () => isCloseAt1000(subject) },
  ];
}

/** That sells are buys seen upside down. */
export function mirrorLaw({ run }: Subject): Law {
  const check = () => {
    for (const market of MARKETS) {
      const bars = roundPrices(generateMarket(market, { bars: BARS, seed: 9, sigma: 0.002, price: 1024 }));
      const mirrored = run(mirrorPrices(bars, 1024)).map(placeOf);
      expect(mirrored.map(({ at, side }) => ({ at, side: side === 'buy' ? 'sell' : 'buy' }))).toEqual(
        run(bars).map(placeOf),
      );
    }
  };
  return { name: 'sells in the mirrored market where it bought', check };
}

function isExactAt1024({ markets, run }: Subject): void {
  for (const bars of markets) expect(run(scalePrices(bars, 1024))).toEqual(run(bars));
}

function isCloseAt1000({ markets, run }: Subject): void {
  for (const bars of markets) {
    const plain = run(bars);
    const scaled = run(scalePrices(bars, 1000));
    expect(scaled.map(placeOf)).toEqual(plain.map(placeOf));
    plain.forEach(({ confidence }, i) =>
      expect(Math.abs((scaled[i] as Fired).confidence - confidence)).toBeLessThanOrEqual(1e-9),
    );
  }
}

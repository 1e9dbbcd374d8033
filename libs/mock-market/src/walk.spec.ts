import fc from 'fast-check';
import { createWalk, SIGMA_PER_SECOND } from './walk';

const START = Date.UTC(2026, 0, 5) / 250;

describe('createWalk', () => {
  it('depends on seed and place alone, not on the way there', () => {
    fc.assert(
      fc.property(
        fc.integer(),
        fc.array(fc.integer({ min: 0, max: 2 ** 33 }), { minLength: 1, maxLength: 20 }),
        (seed, places) => {
          const walked = createWalk(seed);
          for (const place of places) expect(walked.at(place)).toBe(createWalk(seed).at(place));
        },
      ),
    );
  });

  it('is continuous where spans, regimes and cells meet', () => {
    const span = 2 ** 28;
    for (const edge of [26 * span, 26 * span + 2 ** 11, 26 * span + 2 ** 20]) {
      const walk = createWalk(7);
      expect(Math.abs(walk.at(edge) - walk.at(edge - 1))).toBeLessThan(10 * SIGMA_PER_SECOND);
    }
  });

  it('moves as much per second as it says, within a factor of two over all regimes', () => {
    const walk = createWalk(1);
    let sum = 0;
    let previous = walk.at(START);
    for (let second = 1; second <= 100_000; second++) {
      const next = walk.at(START + 4 * second);
      sum += (next - previous) ** 2;
      previous = next;
    }
    const sigma = Math.sqrt(sum / 100_000);
    expect(sigma).toBeGreaterThan(SIGMA_PER_SECOND);
    expect(sigma).toBeLessThan(2 * SIGMA_PER_SECOND);
  });

  it('stays near its base price for years', () => {
    const walk = createWalk(3);
    for (let day = 0; day < 2000; day++) expect(Math.abs(walk.at(START + day * 345_600))).toBeLessThan(1.5);
  });
});

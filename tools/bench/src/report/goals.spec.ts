import { flatWithin } from './goals';

describe('flatWithin', () => {
  it('is met when the cheapest and the dearest lie within the share of the middle between them', () => {
    const goal = flatWithin(0.2);
    const met = [1, 1.49, 1.51].map((ratio) =>
      goal.met({ name: 'sizes', value: ratio, unit: '×', baseline: 1, ratio }),
    );
    expect(met).toEqual([true, true, false]);
    expect(goal.met({ name: 'sizes', value: 1, unit: '×' })).toBe(false);
  });
});

import type { ControlDocument } from '@wagehood/contracts';
import { ControlTimeline } from './control-timeline';

const document = (version: number): ControlDocument => ({ version }) as ControlDocument;

describe('ControlTimeline', () => {
  const timeline = (): ControlTimeline => {
    const made = new ControlTimeline();
    for (const [offset, version] of [
      [1, 1],
      [10, 2],
      [20, 3],
    ] as const)
      made.push(offset, document(version));
    return made;
  };

  it('knows the configuration in force at an offset', () => {
    const made = timeline();
    expect([0, 1, 9, 10, 19, 20, 99].map((offset) => made.at(offset)?.document.version ?? null)).toEqual([
      null,
      1,
      1,
      2,
      2,
      3,
      3,
    ]);
  });

  it('takes a document once, however often a replay shows it', () => {
    const made = timeline();
    made.push(10, document(2));
    made.push(20, document(3));
    expect(made.points).toHaveLength(3);
  });

  it('keeps what a replay from the snapshot may need, and nothing else', () => {
    const stored = timeline().save(12);
    const loaded = new ControlTimeline();
    loaded.load(stored);
    expect(loaded.points.map(({ offset }) => offset)).toEqual([10, 20]);
    expect(loaded.latest?.document.version).toBe(3);
  });
});

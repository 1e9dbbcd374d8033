import fc from 'fast-check';
import { Agenda } from './agenda';

const at = (dueAt: number) => ({ dueAt });

describe('Agenda', () => {
  it('gives out what is due, once, and says when the next is', () => {
    const agenda = new Agenda(10);
    for (const item of [at(25), at(12), at(14), at(300)]) agenda.add(item);
    expect(agenda.nextAt).toBe(12);
    expect(agenda.take(11)).toEqual([]);
    expect(agenda.take(12)).toEqual([at(12)]);
    expect(agenda.nextAt).toBe(14);
    agenda.add(at(13));
    expect(agenda.take(29)).toEqual([at(14), at(13), at(25)]);
    expect([agenda.nextAt, agenda.isEmpty]).toEqual([300, false]);
    agenda.add(at(40)); // before what was first by then
    expect(agenda.nextAt).toBe(40);
    expect(agenda.take(1_000)).toEqual([at(40), at(300)]);
    expect([agenda.nextAt, agenda.isEmpty]).toEqual([Infinity, true]);
  });

  it('forgets nothing and gives nothing out too early, whatever comes when', () => {
    const time = fc.integer({ min: 0, max: 500 });
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.array(time), time)), fc.integer({ min: 1, max: 60 }), (rounds, tickMs) => {
        const agenda = new Agenda(tickMs);
        let waiting: number[] = [];
        for (const [added, now] of rounds) {
          for (const dueAt of added) agenda.add(at(dueAt));
          waiting.push(...added);
          expect(agenda.nextAt).toBe(Math.min(...waiting));
          const due = agenda.take(now).map(({ dueAt }) => dueAt);
          expect(due.sort((a, b) => a - b)).toEqual(waiting.filter((one) => one <= now).sort((a, b) => a - b));
          waiting = waiting.filter((one) => one > now);
        }
      }),
    );
  });
});

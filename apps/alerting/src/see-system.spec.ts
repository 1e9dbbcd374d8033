import { createSystemEyes, type SystemView } from './see-system';

const at = (owner: string, off: number, tail: number) => ({ owner, off, tail });
const healthy: SystemView = {
  producers: 1,
  stages: [{ name: 'calculation', members: ['w'], standings: [at('w', 5, 5), at('w', 7, 7)] }],
  memoryUse: 0.2,
  openChannels: [],
  letter: null,
};
const withStandings = (...standings: ReturnType<typeof at>[]): SystemView => ({
  ...healthy,
  stages: [{ name: 'calculation', members: ['w'], standings }],
});
/** What is seen when the view stays as it is until `ms`. */
const seenAfter = (view: SystemView, ms: number) => {
  const eyes = createSystemEyes();
  eyes.look(view, 0);
  return eyes.look(view, ms);
};

describe('what is seen of the system', () => {
  it('is nothing while all is well, however long', () => expect(seenAfter(healthy, 1e9)).toEqual([]));

  it('tells of partitions without a live owner, not of a move', () => {
    const orphaned = withStandings(at('', 5, 5), at('dead', 7, 7));
    expect(seenAfter(orphaned, 9_000)).toEqual([]);
    expect(seenAfter(orphaned, 10_000)).toEqual([
      {
        code: 'stage_unowned',
        subject: 'calculation',
        detail: '2 of 2 partitions of calculation have no live owner: 0, 1',
      },
    ]);
    const eyes = createSystemEyes();
    eyes.look(orphaned, 0);
    eyes.look(healthy, 8_000);
    expect(eyes.look(orphaned, 16_000)).toEqual([]);
  });

  it('tells of ingestion that is gone', () => {
    expect(seenAfter({ ...healthy, producers: 0 }, 10_000)).toMatchObject([{ subject: 'ingestion' }]);
  });

  it('tells of a partition that stands still while input waits', () => {
    const still = withStandings(at('w', 5, 6), at('w', 7, 7));
    expect(seenAfter(still, 59_000)).toEqual([]);
    expect(seenAfter(still, 60_000)).toMatchObject([{ code: 'partition_stuck', subject: 'calculation' }]);
    const eyes = createSystemEyes();
    for (let n = 0; n < 50; n++) expect(eyes.look(withStandings(at('w', n, n + 100)), n * 5_000)).toEqual([]);
  });

  it('begins anew after it could see nothing: Redis was away, nobody was stuck', () => {
    const eyes = createSystemEyes();
    const still = withStandings(at('w', 5, 6));
    eyes.look(still, 0);
    eyes.blink();
    expect(eyes.look(still, 60_000)).toEqual([]);
  });

  it('tells at once of a full Redis, an open breaker and a dead letter of its own', () => {
    const eyes = createSystemEyes();
    const view = { ...healthy, memoryUse: 0.76, openChannels: ['desk'], letter: 'no signal' };
    expect(eyes.look(view, 0).map(({ code, subject }) => `${code} ${subject}`)).toEqual([
      'redis_memory redis',
      'channel_breaker_open desk',
      'dead_letter alerting',
    ]);
  });
});

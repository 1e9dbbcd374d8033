import type { Part } from '../part';
import { liveness, readiness } from './report';

const part = (name: string, more: Partial<Part> = {}): Part => ({ name, ...more });
const broken = part('broken', {
  ready: () => {
    throw new Error('cannot say');
  },
});

describe('readiness', () => {
  it('is not ready before build has returned', () => {
    expect(readiness([], new Set(), 'starting')).toEqual({
      ok: false,
      parts: [{ name: 'service', ok: false, detail: 'starting' }],
    });
  });

  it('asks started parts, and says why the others are not', () => {
    const redis = part('redis', { ready: () => ({ ok: true, detail: 'connected' }) });
    const worker = part('worker', { ready: () => ({ ok: false, detail: 'loading 3 of 16 partitions' }) });
    expect(readiness([redis, worker, part('api')], new Set([redis]), 'starting')).toEqual({
      ok: false,
      parts: [
        { name: 'redis', ok: true, detail: 'connected' },
        { name: 'worker', ok: false, detail: 'starting: loading 3 of 16 partitions' },
        { name: 'api', ok: false, detail: 'starting' },
      ],
    });
  });

  it('takes a part that throws for not ready', () => {
    expect(readiness([broken], new Set([broken]), 'running').parts).toEqual([
      { name: 'broken', ok: false, detail: 'cannot say' },
    ]);
  });

  it('is not ready while stopping', () => {
    const redis = part('redis');
    expect(readiness([redis], new Set([redis]), 'stopping').ok).toBe(false);
  });
});

it('liveness asks started parts alone', () => {
  const stuck = part('stuck', { live: () => ({ ok: false, detail: 'commit stuck' }) });
  expect(liveness([stuck], new Set()).ok).toBe(true);
  expect(liveness([stuck], new Set([stuck]))).toEqual({
    ok: false,
    parts: [{ name: 'stuck', ok: false, detail: 'commit stuck' }],
  });
});

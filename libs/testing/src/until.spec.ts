import { until } from './until';

describe('until', () => {
  it('resolves to the first truthy value', async () => {
    let looks = 0;
    expect(await until(() => ++looks >= 3 && `look ${looks}`, { everyMs: 1 })).toBe('look 3');
  });

  it('awaits conditions and takes a throw for "not yet"', async () => {
    let looks = 0;
    const value = await until(
      async () => {
        looks += 1;
        if (looks < 3) throw new Error('not yet');
        return { looks };
      },
      { everyMs: 1 },
    );
    expect(value).toEqual({ looks: 3 });
  });

  it('gives up, saying what it waited for and the last error', async () => {
    const condition = () => {
      throw new Error('connection refused');
    };
    const failure = await until(condition, { timeoutMs: 20, everyMs: 5, what: 'redis' }).catch((error: Error) => error);
    expect(failure).toMatchObject({
      message: 'until: redis not met within 20 ms',
      cause: { message: 'connection refused' },
    });
  });
});

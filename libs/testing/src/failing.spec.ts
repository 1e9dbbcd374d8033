import { failing } from './failing';

describe('failing', () => {
  const double = (n: number) => 2 * n;

  it('fails on the n-th call alone', () => {
    const wrapped = failing(double, 2);
    expect(wrapped(1)).toBe(2);
    expect(() => wrapped(2)).toThrow('asked to fail');
    expect(wrapped(3)).toBe(6);
    expect(wrapped.calls).toBe(3);
  });

  it('fails on several calls, with an error of your own', () => {
    const wrapped = failing(double, [1, 3], new Error('boom'));
    const results = [1, 2, 3, 4].map((n) => {
      try {
        return wrapped(n);
      } catch (error) {
        return (error as Error).message;
      }
    });
    expect(results).toEqual(['boom', 4, 'boom', 8]);
  });
});

import { KnownUrls, type KnownUrl } from './known-urls';

const url: KnownUrl = { scope: null, ask: () => ({ status: 200, body: Buffer.alloc(0) }) };

describe('KnownUrls', () => {
  it('knows a URL letter by letter, under the configuration that it was learnt by', () => {
    let configuration: object | null = null;
    const known = new KnownUrls(() => configuration);
    known.learn('/a', url);
    expect([known.find('/a'), known.find('/a?'), known.find('/A')]).toEqual([url, undefined, undefined]);
    configuration = {};
    expect(known.find('/a')).toBeUndefined();
  });

  it('is bounded in number and in bytes', () => {
    const known = new KnownUrls(() => null, { urls: 3, bytes: 100 });
    for (let i = 0; i < 10; i++) known.learn(`/${i}`, url);
    expect(Array.from({ length: 10 }, (_, i) => known.find(`/${i}`)).filter(Boolean)).toHaveLength(1);
    known.weigh(100);
    expect(known.find('/9')).toBe(url);
    known.weigh(1);
    expect(known.find('/9')).toBeUndefined();
  });
});

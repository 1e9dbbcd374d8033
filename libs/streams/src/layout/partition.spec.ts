import fc from 'fast-check';
import { CLUSTER_SLOTS, crc16, partitionOf, partitionTag, partitionTags, stableHash } from './partition';

describe('partitionOf', () => {
  it('never moves a symbol (golden vectors)', () => {
    const golden = ['SPY', 'QQQ', 'IWM', 'BTC-USD', 'BRK.B', '^GSPC', 'A'].map((symbol) => [
      symbol,
      partitionOf(symbol, 16),
      partitionOf(symbol, 64),
    ]);
    expect(golden).toEqual(GOLDEN_PARTITIONS);
  });

  it('is inside the range and spreads symbols evenly', () => {
    const share = new Array<number>(16).fill(0);
    for (let i = 0; i < 16_000; i++) {
      const partition = partitionOf(`S${i}`, 16);
      share[partition] = (share[partition] ?? 0) + 1;
    }
    expect(Math.min(...share)).toBeGreaterThan(850);
    expect(Math.max(...share)).toBeLessThan(1_150);
    fc.assert(
      fc.property(
        fc.string(),
        fc.integer({ min: 1, max: 4096 }),
        (symbol, n) => partitionOf(symbol, n) < n && stableHash(symbol) >= 0,
      ),
    );
  });
});

describe('partitionTags', () => {
  it('never changes a tag (golden vectors)', () => {
    expect(partitionTags(16)).toEqual(GOLDEN_TAGS);
  });

  it.each([1, 2, 3, 16, 64, 100, 1024])('puts tag i of %i into its share of the slots', (partitions) => {
    partitionTags(partitions).forEach((tag, i) => {
      const slot = crc16(tag) % CLUSTER_SLOTS;
      expect(slot).toBeGreaterThanOrEqual((i * CLUSTER_SLOTS) / partitions);
      expect(slot).toBeLessThan(((i + 1) * CLUSTER_SLOTS) / partitions);
    });
    expect(new Set(partitionTags(partitions)).size).toBe(partitions);
  });

  it('hashes as Redis Cluster does', () => {
    expect(crc16('123456789')).toBe(0x31c3);
  });

  it('refuses what is no number of partitions, or no partition', () => {
    expect(() => partitionTags(0)).toThrow('partitions must be an integer from 1 to 4096, got 0');
    expect(() => partitionTag(16, 16)).toThrow('partition 16 is outside 0…15');
  });
});

const GOLDEN_PARTITIONS = [
  ['SPY', 11, 59],
  ['QQQ', 10, 10],
  ['IWM', 13, 13],
  ['BTC-USD', 5, 37],
  ['BRK.B', 10, 58],
  ['^GSPC', 5, 37],
  ['A', 4, 20],
];
const GOLDEN_TAGS =
  'p0.2b p1.2a p2.3 p3 p4.d p5.c p6.11 p7.12 p8.1a p9.1b p10.b p11.a p12.2d p13.2c p14.12 p15.11'.split(' ');

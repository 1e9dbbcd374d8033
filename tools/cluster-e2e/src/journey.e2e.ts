import { run } from './run';
import { startLocalCluster, type LocalCluster } from './testing/local-cluster';

const PARTITIONS = 3;

// What `npm run e2e:k8s` does to a cluster, done to processes: the same steps, the same witness.
describe('the journey through everything that may happen to an installation', () => {
  let cluster: LocalCluster;
  beforeAll(async () => {
    cluster = await startLocalCluster(PARTITIONS);
  });
  afterAll(() => cluster.stop());

  it('loses nothing, computes nothing twice, and fails no request while everything is replaced', async () => {
    const report: string[] = [];
    const options = { cluster, partitions: PARTITIONS, symbols: 12, report: (line: string) => void report.push(line) };
    const { bars, signals, series, answered } = await run(options);
    expect(series).toBe(15); // ours and the three of a fresh installation
    expect(bars).toBeGreaterThan(3_000);
    expect(signals).toBeGreaterThan(10);
    expect(answered).toBeGreaterThan(20);
    expect(report.join('\n')).toMatch(/[1-9]\d* requests answered, none failed/);
    expect(cluster.done.slice(0, 3)).toEqual([3, 4, 2].map((replicas) => `scale calculation-worker ${replicas}`));
    expect(cluster.done.filter((what) => what.startsWith('roll'))).toHaveLength(5);
    expect(cluster.done.filter((what) => what.startsWith('kill'))).toHaveLength(5);
    expect(cluster.done.at(-1)).toBe('scale ingestion 0');
  }, 240_000);
});

import { readmeBlock } from './testing/readme-block';
import { runRunner } from './testing/running';

jest.setTimeout(120_000);

/** Of the report: its first line, the moving average crosses, and the table of counts. */
function excerpt(output: string): string[] {
  const lines = output.split('\n');
  const report = lines.slice(lines.findIndex((line) => line.startsWith('The replay of SPX is finished')));
  const head = report.findIndex((line) => /^ +bar +symbol/.test(line));
  const counts = report.findIndex((line) => /^ +strategy +signals$/.test(line));
  const crosses = report.slice(head + 1, counts).filter((line) => line.endsWith('ma_crossover_strategy'));
  const table = report.slice(counts).filter((line) => /^ +\S+ +\S+$/.test(line));
  return [report[0] ?? '', '', report[head] ?? '', ...crosses, '', ...table].map((line) => line.trimEnd());
}

describe('npm start -- --data-provider replay --symbols SPX', () => {
  // UPDATE_DOCS=1 renews the README after a change of a strategy
  it('plays the real S&P 500, gives the signals that the README shows, and leaves when it is done', async () => {
    const runner = runRunner(['--data-provider', 'replay', '--symbols', 'SPX', '--exit-when-done'], { API_PORT: '0' });
    try {
      expect(await runner.exit).toBe(0);
      expect(runner.output()).toContain('The replay of SPX is finished: 5 105 bars');
      const { shown, wanted } = readmeBlock('replay', excerpt(runner.output()));
      expect(shown).toBe(wanted);
      expect(runner.log().filter(({ level }) => level === 'ERROR')).toEqual([]);
    } finally {
      await runner.clean();
    }
  });
});

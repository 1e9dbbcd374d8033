import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { wallCases } from './bad-programs';
import { root } from './workspace';

/** The rules that each program breaks, by ESLint with the config of the project in which it would stand. */
function brokenRules(programs: readonly { file: string; code: string }[]): string[][] {
  const script = join(root, 'tools/checks/src/lint-programs.mjs');
  const output = execFileSync(process.execPath, [script], {
    cwd: root,
    input: JSON.stringify(programs),
    encoding: 'utf8',
  });
  return JSON.parse(output) as string[][];
}

describe('walls', () => {
  let verdicts: string[][];

  beforeAll(() => {
    verdicts = brokenRules(
      wallCases.flatMap(({ file, bad, good, goodFile }) => [
        { file, code: bad },
        { file: goodFile ?? file, code: good },
      ]),
    );
  }, 120_000);

  it.each(wallCases.map((wallCase, index) => ({ ...wallCase, index })))('$wall', ({ rule, index }) => {
    expect(verdicts[index * 2]).toContain(rule);
    expect(verdicts[index * 2 + 1]).toEqual([]);
  });
});

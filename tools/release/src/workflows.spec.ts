import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { parse } from 'yaml';

interface Step {
  readonly uses?: string;
  readonly run?: string;
}

interface Workflow {
  readonly on: unknown;
  readonly permissions: unknown;
  readonly jobs: Readonly<
    Record<string, { readonly 'runs-on': string; readonly 'timeout-minutes': number; readonly steps: readonly Step[] }>
  >;
}

const root = resolve(__dirname, '../../..');
const folder = join(root, '.github/workflows');
const textOf = (file: string): string => readFileSync(join(folder, file), 'utf8');
const files = readdirSync(folder);
const workflows = files.map((file) => ({ file, workflow: parse(textOf(file)) as Workflow }));

/** What GitHub would say of workflows, by the name of the file. */
function faultsOf(texts: Readonly<Record<string, string>>): Readonly<Record<string, readonly string[]>> {
  const program = join(__dirname, 'lint-workflows.mjs');
  const output = execFileSync(process.execPath, [program], {
    cwd: root,
    input: JSON.stringify(texts),
    encoding: 'utf8',
  });
  return JSON.parse(output) as Record<string, readonly string[]>;
}
const stepsOf = ({ jobs }: Workflow) => Object.values(jobs).flatMap(({ steps }) => steps);
const commands = workflows.flatMap(({ workflow }) => stepsOf(workflow).flatMap(({ run }) => run ?? []));

describe('the workflows', () => {
  it("have nothing that GitHub's own parser would say", () => {
    const faults = faultsOf(Object.fromEntries(files.map((file) => [file, textOf(file)])));
    expect(faults).toEqual(Object.fromEntries(files.map((file) => [file, []])));
  });

  it('would be refused with a field or a name that GitHub does not know', () => {
    const ci = textOf('ci.yml');
    const broken = { field: ci.replace('runs-on', 'run-on'), name: ci.replace('matrix.node', 'matrx.node') };
    const faults = faultsOf(broken);
    expect(faults['field']?.join()).toMatch(/Unexpected value 'run-on'/);
    expect(faults['name']?.join()).toMatch(/Unrecognized named-value: 'matrx'/);
  });

  it.each(workflows)('$file says when, where, for how long and with what rights', ({ workflow }) => {
    expect(workflow.on).toBeDefined();
    expect(workflow.permissions).toBeDefined();
    for (const job of Object.values(workflow.jobs)) {
      expect(job['runs-on']).toMatch(/^ubuntu-\d/);
      expect(job['timeout-minutes']).toBeGreaterThan(0);
      expect(job.steps.every(({ uses, run }) => (uses === undefined) !== (run === undefined))).toBe(true);
    }
  });

  it('run what everybody runs before a change lands', () => {
    expect(commands).toContain('bash .ci/run');
    expect(existsSync(join(root, '.ci/run'))).toBe(true);
  });

  it('call only npm commands that exist', () => {
    const { scripts } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as {
      scripts: Record<string, string>;
    };
    const called = commands.flatMap((command) =>
      [...command.matchAll(/npm run ([\w:-]+)/g)].map(([, name]) => name ?? ''),
    );
    expect(called.length).toBeGreaterThan(1);
    expect(called.filter((name) => !(name in scripts))).toEqual([]);
  });

  it('trust nobody but GitHub itself', () => {
    const used = workflows.flatMap(({ workflow }) => stepsOf(workflow).flatMap(({ uses }) => uses ?? []));
    expect(used.filter((action) => !/^actions\/[\w-]+@v\d+$/.test(action))).toEqual([]);
  });
});

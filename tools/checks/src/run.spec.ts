import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { pathToFileURL } from 'node:url';
import { root } from './workspace';

const RUN = pathToFileURL(join(root, 'tools/setup/run.mjs')).href;
/** Says that it is there, and at SIGTERM says good-bye and ends with 7. */
const PATIENT = `process.once('SIGTERM', () => { console.log('bye'); process.exit(7); });
  console.log('up'); setInterval(() => {}, 1_000);`;

/** Runs a program by way of `run`, in a process of its own. */
const start = (program: string) =>
  spawn(process.execPath, [
    '--input-type=module',
    ...[
      '-e',
      `import { run } from ${JSON.stringify(RUN)};
      const { code } = await run(process.execPath, ['-e', ${JSON.stringify(program)}]);
      console.log(\`ended \${code}\`);`,
    ],
  ]);

describe('a command of ours', () => {
  it('is ended with us, and has the time that it needs', async () => {
    const outer = start(PATIENT);
    const said: string[] = [];
    const lines = createInterface({ input: outer.stdout });
    lines.on('line', (line) => {
      said.push(line);
      if (line === 'up') outer.kill('SIGTERM');
    });
    const [code] = (await once(outer, 'close')) as [number | null];
    expect([code, said]).toEqual([0, ['up', 'bye', 'ended 7']]);
  });

  it.each([
    ['process.exit(3)', 'ended 3'],
    ['process.kill(process.pid, "SIGKILL"); setInterval(() => {}, 1_000)', 'ended 137'],
  ])('tells how it ended: %s', async (program, told) => {
    const outer = start(program);
    let said = '';
    outer.stdout.on('data', (chunk: Buffer) => (said += chunk.toString()));
    await once(outer, 'close');
    expect(said.trim()).toBe(told);
  });
});

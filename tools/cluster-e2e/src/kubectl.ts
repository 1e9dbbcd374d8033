import { spawn, type ChildProcess, type StdioOptions } from 'node:child_process';
import { linesOf } from './lines';

/** Runs kubectl with these words. Rejects with what it said when it fails. */
export type Kubectl = (words: readonly string[], input?: string) => Promise<string>;

/** Which kubectl, and the words that come before all others, such as `--context NAME`. */
export interface KubectlProgram {
  readonly program: string;
  readonly always: readonly string[];
}

export const startKubectl = (
  { program, always }: KubectlProgram,
  words: readonly string[],
  stdio: StdioOptions,
): ChildProcess => spawn(program, [...always, ...words], { stdio });

export const createKubectl =
  (program: KubectlProgram): Kubectl =>
  (words, input) =>
    new Promise((resolve, reject) => {
      const child = startKubectl(program, words, ['pipe', 'pipe', 'pipe']);
      let [out, err] = ['', ''];
      child.stdout?.on('data', (chunk: Buffer) => (out += chunk.toString()));
      child.stderr?.on('data', (chunk: Buffer) => (err += chunk.toString()));
      child.stdin?.on('error', () => undefined);
      child.stdin?.end(input ?? '');
      child.once('error', (error: NodeJS.ErrnoException) =>
        reject(error.code === 'ENOENT' ? new Error(`${program.program} is not on the PATH`, { cause: error }) : error),
      );
      child.once('close', (code) => {
        if (code === 0) resolve(out);
        else reject(new Error(`kubectl ${titleOf(words)}: ${complaintOf(err) || `exit code ${code}`}`));
      });
    });

/** What runs inside a pod is long, and may hold a key. */
const titleOf = (words: readonly string[]): string =>
  (words.includes('--') ? words.slice(0, words.indexOf('--')) : words).join(' ');

const MOST_LINES = 5;

const ASIDE = /^Warning:|^[IWE]\d{4} \d\d:/;

/** The last words on standard error, warnings of the server and the log of the client aside. */
export const complaintOf = (text: string): string =>
  linesOf(text)
    .filter((line) => !ASIDE.test(line))
    .slice(-MOST_LINES)
    .join('\n');

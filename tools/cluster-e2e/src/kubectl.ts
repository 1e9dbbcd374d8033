import { spawn } from 'node:child_process';

/** Runs kubectl with these words. Rejects with what it said when it fails. */
export type Kubectl = (words: readonly string[], input?: string) => Promise<string>;

/** kubectl as the user has it: KUBECONFIG, context and all; or with some words before all others. */
export const createKubectl =
  (program = 'kubectl', always: readonly string[] = []): Kubectl =>
  (words, input) =>
    new Promise((resolve, reject) => {
      const child = spawn(program, [...always, ...words], { stdio: ['pipe', 'pipe', 'pipe'] });
      let [out, err] = ['', ''];
      child.stdout.on('data', (chunk: Buffer) => (out += chunk.toString()));
      child.stderr.on('data', (chunk: Buffer) => (err += chunk.toString()));
      child.stdin.on('error', () => undefined);
      child.stdin.end(input ?? '');
      child.once('error', (error: NodeJS.ErrnoException) =>
        reject(error.code === 'ENOENT' ? new Error(`${program} is not on the PATH`, { cause: error }) : error),
      );
      child.once('close', (code) => {
        if (code === 0) resolve(out);
        else reject(new Error(`kubectl ${words.join(' ')}: ${err.trim().split('\n').at(-1) || `exit code ${code}`}`));
      });
    });

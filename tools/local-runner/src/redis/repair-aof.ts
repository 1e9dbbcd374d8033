import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';

/**
 * Cuts a half-written end off the append-only file before the server reads it. A power loss inside MULTI or a script leaves
 * commands in the file that Redis 7.0 would otherwise complete later with foreign ones.
 * @returns what the checker said when it found something, null when there was nothing to repair
 */
export async function repairAof(serverPath: string, folder: string): Promise<string | null> {
  const manifest = join(folder, 'appendonlydir', 'appendonly.aof.manifest');
  if (!existsSync(manifest)) return null;
  const checker = join(dirname(serverPath), basename(serverPath).replace('-server', '-check-aof'));
  if (!existsSync(checker)) return null;
  const { code, output } = await answeringYes(checker, ['--fix', manifest]);
  if (code !== 0)
    throw new Error(`The append-only file in ${folder} cannot be repaired: ${output.trim().split('\n').at(-1)}`);
  return /truncat|will shrink/i.test(output) ? output.trim() : null;
}

function answeringYes(command: string, args: readonly string[]): Promise<{ code: number; output: string }> {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { stdio: ['pipe', 'pipe', 'pipe'] });
    let output = '';
    child.stdout.on('data', (chunk: Buffer) => (output += chunk.toString()));
    child.stderr.on('data', (chunk: Buffer) => (output += chunk.toString()));
    child.stdin.on('error', () => undefined); // it may not ask
    child.stdin.end('y\n');
    child.once('error', reject);
    child.once('close', (code) => resolve({ code: code ?? 1, output }));
  });
}

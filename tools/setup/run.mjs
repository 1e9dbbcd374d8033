import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';

/** The folder of the repository. */
export const root = fileURLToPath(new URL('../..', import.meta.url));

/**
 * Runs one command to its end in the repository's folder.
 * `quiet` keeps the output back and hands it over; otherwise the command writes straight to this terminal.
 * @returns {Promise<{ code: number, output: string }>} a command that cannot be started has code 127
 */
export function run(command, args, { quiet = false, env = process.env } = {}) {
  return new Promise((resolve) => {
    const child = spawn(command, args, { cwd: root, env, stdio: quiet ? ['ignore', 'pipe', 'pipe'] : 'inherit' });
    let output = '';
    child.stdout?.on('data', (chunk) => (output += chunk));
    child.stderr?.on('data', (chunk) => (output += chunk));
    child.on('error', (error) => resolve({ code: 127, output: error.message }));
    child.on('close', (code) => resolve({ code: code ?? 1, output }));
  });
}

/** Runs Nx from node_modules: no global install and no prompt. */
export function nx(args, options) {
  return run(process.execPath, ['node_modules/.bin/nx', ...args], options);
}

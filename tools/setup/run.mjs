import { spawn } from 'node:child_process';
import { constants } from 'node:os';
import { fileURLToPath } from 'node:url';

/** The folder of the repository. */
export const root = fileURLToPath(new URL('../..', import.meta.url));

const SIGNALS = ['SIGTERM', 'SIGHUP', 'SIGINT'];

/**
 * Runs one command to its end in the repository's folder.
 * `quiet` keeps the output back and hands it over; otherwise the command writes straight to this terminal.
 * Who ends us meanwhile ends the command, and it has the time it needs: SIGTERM and SIGHUP are passed on, Ctrl-C reaches it by itself.
 * @returns {Promise<{ code: number, output: string }>} a command that cannot be started has code 127, one that a signal ended 128 and more
 */
export function run(command, args, { quiet = false, env = process.env } = {}) {
  return new Promise((resolve) => {
    const child = spawn(command, args, { cwd: root, env, stdio: quiet ? ['ignore', 'pipe', 'pipe'] : 'inherit' });
    let output = '';
    child.stdout?.on('data', (chunk) => (output += chunk));
    child.stderr?.on('data', (chunk) => (output += chunk));
    const pass = (signal) => void (signal !== 'SIGINT' && child.kill(signal));
    const end = (result) => {
      for (const signal of SIGNALS) process.off(signal, pass);
      resolve(result);
    };
    for (const signal of SIGNALS) process.on(signal, pass);
    child.on('error', (error) => end({ code: 127, output: error.message }));
    child.on('close', (code, signal) => end({ code: code ?? 128 + constants.signals[signal], output }));
  });
}

/** Runs Nx from node_modules: no global install and no prompt. */
export function nx(args, options) {
  return run(process.execPath, ['node_modules/.bin/nx', ...args], options);
}

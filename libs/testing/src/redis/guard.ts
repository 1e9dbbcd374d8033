import { spawn } from 'node:child_process';
import { join } from 'node:path';

/** Where the guard finds the process to end. */
export const pidFile = (dir: string) => join(dir, 'guarded.pid');

const script = `cat >/dev/null; [ -f "$1" ] && kill -9 "$(cat "$1")" 2>/dev/null; [ "$2" = keep ] || rm -rf "$3"`;

/**
 * Ends an orphan: a tiny shell holds a pipe to this process, and when the pipe closes for whatever reason (normal exit, crash,
 * kill -9) it kills the process named in `pidFile(dir)` and removes the folder. Returns the call that ends the guard itself.
 */
export function guardOrphan(dir: string, keepDir: boolean): () => void {
  const shell = spawn('/bin/sh', ['-c', script, 'guard', pidFile(dir), keepDir ? 'keep' : 'remove', dir], {
    stdio: ['pipe', 'ignore', 'ignore'],
    detached: true, // Ctrl-C reaches the test's process group, not the guard
  });
  shell.on('error', () => undefined);
  shell.unref();
  (shell.stdin as unknown as { unref?: () => void }).unref?.();
  return () => shell.kill('SIGKILL');
}

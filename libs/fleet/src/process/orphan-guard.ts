import { spawn } from 'node:child_process';

/**
 * Ends a process when the test process is gone for whatever reason (a kill -9 too): a tiny shell holds a pipe to us, and when
 * that closes it kills the process. Returns the call that ends the guard itself.
 */
export function guardOrphan(pid: number): () => void {
  const script = 'cat >/dev/null; kill -9 "$1" 2>/dev/null';
  const shell = spawn('/bin/sh', ['-c', script, 'guard', String(pid)], {
    stdio: ['pipe', 'ignore', 'ignore'],
    detached: true, // Ctrl-C reaches the test's process group, not the guard
  });
  shell.on('error', () => undefined);
  shell.unref();
  (shell.stdin as unknown as { unref?: () => void }).unref?.();
  return () => void shell.kill('SIGKILL');
}

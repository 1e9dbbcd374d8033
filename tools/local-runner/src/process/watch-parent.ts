const LOOK_MS = 500;

/**
 * Calls `onGone` when the process that started us has ended. npm dies of SIGTERM without passing it on, and would leave the whole
 * system running behind its back.
 * @returns stops watching
 */
export function watchParent(onGone: () => void): () => void {
  const parent = process.ppid;
  const timer = setInterval(() => {
    if (process.ppid === parent) return;
    clearInterval(timer);
    onGone();
  }, LOOK_MS);
  timer.unref();
  return () => clearInterval(timer);
}

/**
 * What `promise` resolves to, or `late` when that takes longer than `ms`. A plain timer: this runs hundreds of times a second, and an
 * aborted `delay` makes an exception with a stack each time.
 */
export async function inTime<T>(ms: number, promise: Promise<T>): Promise<T | 'late'> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<'late'>((resolve) => (timer = setTimeout(resolve, ms, 'late')));
  try {
    return await Promise.race([promise, late]);
  } finally {
    clearTimeout(timer);
  }
}

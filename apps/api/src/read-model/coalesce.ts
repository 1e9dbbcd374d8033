interface Waiter<V> {
  resolve(value: V): void;
  reject(error: unknown): void;
}

/** Turns the single look-ups of one turn of the event loop into one read of many. */
export function coalesce<V>(readMany: (keys: readonly string[]) => Promise<readonly V[]>): (key: string) => Promise<V> {
  let waiting: Map<string, Waiter<V>[]> | null = null;

  const flush = async (batch: ReadonlyMap<string, readonly Waiter<V>[]>): Promise<void> => {
    try {
      const values = await readMany([...batch.keys()]);
      let i = 0;
      for (const waiters of batch.values()) {
        const value = values[i++] as V;
        for (const { resolve } of waiters) resolve(value);
      }
    } catch (error) {
      for (const waiters of batch.values()) for (const { reject } of waiters) reject(error);
    }
  };

  const open = (): Map<string, Waiter<V>[]> => {
    const batch = new Map<string, Waiter<V>[]>();
    waiting = batch;
    setImmediate(() => {
      waiting = null;
      void flush(batch);
    });
    return batch;
  };

  return (key) =>
    new Promise<V>((resolve, reject) => {
      const batch = waiting ?? open();
      const waiters = batch.get(key);
      if (waiters) waiters.push({ resolve, reject });
      else batch.set(key, [{ resolve, reject }]);
    });
}

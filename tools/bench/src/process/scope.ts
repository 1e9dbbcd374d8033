type Stop = () => Promise<void> | void;

/** Things that must not outlive the bench, ended last first. */
export interface Scope {
  /** Notes what has to be ended; returns a way to end it earlier. */
  add(stop: Stop): () => Promise<void>;
  /** Ends everything that is left; what fails to end does not keep the others alive. */
  end(): Promise<void>;
}

export function createScope(): Scope {
  const stops: Stop[] = [];
  return {
    add(stop) {
      stops.push(stop);
      return async () => {
        const at = stops.indexOf(stop);
        if (at < 0) return;
        stops.splice(at, 1);
        await stop();
      };
    },
    async end() {
      for (let stop = stops.pop(); stop; stop = stops.pop()) {
        try {
          await stop();
        } catch (error) {
          process.stderr.write(`bench: cleaning up failed: ${String(error)}\n`);
        }
      }
    },
  };
}

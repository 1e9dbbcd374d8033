import { spawn, type ChildProcess } from 'node:child_process';
import { createInterface } from 'node:readline';
import { NODE_ENVIRONMENT, NODE_FLAGS } from '@wagehood/config';

export interface ChildOptions {
  readonly name: string;
  readonly script: string;
  readonly args?: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  /** Folder for a CPU profile, written when it ends. */
  readonly profile?: string | null;
}

/** A process of the bench. It says `{"message":"ready", …}` on standard output when it is. */
export interface Child {
  readonly name: string;
  readonly pid: number;
  /** What it announced. Rejects with its last words when it ends before. */
  readonly ready: Promise<Readonly<Record<string, unknown>>>;
  /** Resolves when it has ended, with its last words. */
  readonly ended: Promise<string>;
  /** SIGSTOP and SIGCONT turn a generator off and on. */
  signal(signal: NodeJS.Signals): void;
  /** Sends it a message over the channel. */
  send(message: object): void;
  onMessage(listener: (message: unknown) => void): void;
  stop(): Promise<void>;
}

const LAST_WORDS = 20;
const PROFILE_PATIENCE_MS = 10_000;

/**
 * Starts a process, a baseline too, as services are started, in a group of its own, so that Ctrl-C reaches the bench alone. The
 * channel's end tells the process that the bench is gone, however it went.
 */
export function startChild({ name, script, args = [], env = {}, profile = null }: ChildOptions): Child {
  const flags =
    profile === null ? [] : ['--cpu-prof', `--cpu-prof-dir=${profile}`, `--cpu-prof-name=${name}.cpuprofile`];
  const child = spawn(process.execPath, [...NODE_FLAGS, ...flags, script, ...args], {
    env: { ...NODE_ENVIRONMENT, ...env },
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    detached: true,
  });
  const words: string[] = [];
  const ended = untilEnded(child, words);
  return {
    name,
    pid: child.pid ?? -1,
    ready: untilReady(child, name, words, ended),
    ended,
    signal: (signal) => void child.kill(signal),
    send: (message) => void child.send(message),
    onMessage: (listener) => void child.on('message', listener),
    async stop() {
      // Nothing that it holds is worth keeping, except a profile.
      child.kill('SIGCONT');
      child.kill(profile === null ? 'SIGKILL' : 'SIGTERM');
      const lastResort = setTimeout(() => child.kill('SIGKILL'), PROFILE_PATIENCE_MS);
      await ended;
      clearTimeout(lastResort);
    },
  };
}

/** Rejects with the name and the last words of the first of them that ends. */
export function firstEnd(children: Iterable<Child>): Promise<never> {
  const ends = [...children].map(async ({ name, ended }): Promise<never> => {
    throw new Error(`${name} has died\n${await ended}`);
  });
  const first = Promise.race(ends);
  first.catch(() => undefined); // all of them end at last
  return first;
}

function untilEnded(child: ChildProcess, words: string[]): Promise<string> {
  return new Promise((resolve) => {
    child.once('error', (error) => resolve(error.message));
    child.once('exit', (code, signal) => resolve([...words, `ended with ${signal ?? code}`].join('\n')));
  });
}

function untilReady(
  child: ChildProcess,
  name: string,
  words: string[],
  ended: Promise<string>,
): Promise<Readonly<Record<string, unknown>>> {
  const ready = new Promise<Readonly<Record<string, unknown>>>((resolve, reject) => {
    for (const stream of [child.stdout, child.stderr]) {
      if (!stream) continue;
      createInterface({ input: stream }).on('line', (line) => {
        if (words.push(line) > LAST_WORDS) words.shift();
        if (line.includes('"ready"')) {
          const said = parseLine(line);
          if (said?.['message'] === 'ready') resolve(said);
        }
      });
    }
    void ended.then((last) => reject(new Error(`${name} did not start\n${last}`)));
  });
  ready.catch(() => undefined); // whoever awaits it hears of it; after the start nobody does
  return ready;
}

function parseLine(line: string): Readonly<Record<string, unknown>> | null {
  try {
    return JSON.parse(line) as Readonly<Record<string, unknown>>;
  } catch {
    return null;
  }
}

// Finds a redis-server or valkey-server binary, installing Debian's package where that is allowed.
// As a program it prints the binary's path, or one line that says what to do, and exits 1.
import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { run } from './run.mjs';

const NAMES = ['redis-server', 'valkey-server'];
const HOW =
  'No redis-server or valkey-server found. Install one (Debian, Ubuntu: "sudo apt-get install redis-server"; ' +
  'macOS: "brew install redis") or point REDIS_URL at a Redis 7 or newer.';

/** The first of the two servers on PATH, as an absolute path. */
export function findRedisOnPath(path = process.env.PATH ?? '') {
  for (const folder of path.split(delimiter).filter(Boolean)) {
    for (const name of NAMES) {
      const file = join(folder, name);
      try {
        accessSync(file, constants.X_OK);
        return file;
      } catch {
        // not in this folder
      }
    }
  }
  return null;
}

/** The prefix under which apt-get may run without asking anybody, or null where it may not. */
async function aptPrefix() {
  if ((await run('apt-get', ['--version'], { quiet: true })).code !== 0) return null;
  if (process.getuid?.() === 0) return [];
  return (await run('sudo', ['-n', 'true'], { quiet: true })).code === 0 ? ['sudo', '-n'] : null;
}

async function installWithApt(prefix) {
  const apt = (...args) => {
    const [command, ...rest] = [...prefix, 'env', 'DEBIAN_FRONTEND=noninteractive', 'apt-get', ...args];
    return run(command, rest, { quiet: true });
  };
  const install = ['install', '-y', '--no-install-recommends', 'redis-server'];
  if ((await apt(...install)).code === 0) return '';
  await apt('update');
  const { code, output } = await apt(...install);
  return code === 0 ? '' : (output.trim().split('\n').at(-1) ?? '');
}

/**
 * @param {(line: string) => void} report hears what is being done
 * @returns {Promise<string>} the absolute path of a server binary
 * @throws {Error} with one line for the user
 */
export async function ensureRedis(report = () => {}) {
  const found = findRedisOnPath();
  if (found) return found;
  const prefix = await aptPrefix();
  if (!prefix) throw new Error(HOW);
  report('Installing redis-server with apt-get…');
  const failure = await installWithApt(prefix);
  const installed = findRedisOnPath(`${process.env.PATH ?? ''}${delimiter}/usr/bin`);
  if (!installed) throw new Error(failure ? `${HOW} (apt-get said: ${failure})` : HOW);
  return installed;
}

if (process.argv[1] && import.meta.url === pathToFileURL(process.argv[1]).href) {
  ensureRedis((line) => console.error(line)).then(console.log, (error) => {
    console.error(error.message);
    process.exitCode = 1;
  });
}

// Finds a redis-server or valkey-server binary, installing Debian's package where that is allowed.
// As a program it prints the binary's path, or one line that says what to do, and exits 1.
import { pathToFileURL } from 'node:url';
import { ensurePackage, findOnPath } from './debian-package.mjs';

const NAMES = ['redis-server', 'valkey-server'];
const HOW =
  'No redis-server or valkey-server found. Install one (Debian, Ubuntu: "sudo apt-get install redis-server"; ' +
  'macOS: "brew install redis") or point REDIS_URL at a Redis 7 or newer.';

/** The first of the two servers on PATH, as an absolute path. */
export const findRedisOnPath = (path = process.env.PATH ?? '') => findOnPath(NAMES, path);

/**
 * @param {(line: string) => void} report hears what is being done
 * @returns {Promise<string>} the absolute path of a server binary
 * @throws {Error} with one line for the user
 */
export const ensureRedis = (report = () => undefined) => ensurePackage(findRedisOnPath, 'redis-server', HOW, report);

if (process.argv[1] && import.meta.url === pathToFileURL(process.argv[1]).href) {
  ensureRedis((line) => console.error(line)).then(console.log, (error) => {
    console.error(error.message);
    process.exitCode = 1;
  });
}

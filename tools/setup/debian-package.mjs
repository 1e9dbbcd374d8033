// Finds a program on PATH, or installs the Debian package that has it where that is allowed.
import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';
import { run } from './run.mjs';

/** The first of the programs on PATH, as an absolute path; null when none is there. */
export function findOnPath(names, path = process.env.PATH ?? '') {
  for (const folder of path.split(delimiter).filter(Boolean)) {
    for (const name of names) {
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

async function installWithApt(prefix, name) {
  const apt = (...args) => {
    const [command, ...rest] = [...prefix, 'env', 'DEBIAN_FRONTEND=noninteractive', 'apt-get', ...args];
    return run(command, rest, { quiet: true });
  };
  const install = ['install', '-y', '--no-install-recommends', name];
  if ((await apt(...install)).code === 0) return '';
  await apt('update');
  const { code, output } = await apt(...install);
  return code === 0 ? '' : (output.trim().split('\n').at(-1) ?? '');
}

/**
 * @param {(path?: string) => string | null} find looks for the program
 * @param {string} name of the Debian package
 * @param {string} how one line that says what to do by hand
 * @param {(line: string) => void} report hears what is being done
 * @returns {Promise<string>} the absolute path of the program
 * @throws {Error} with one line for the user
 */
export async function ensurePackage(find, name, how, report = () => undefined) {
  const found = find();
  if (found) return found;
  const prefix = await aptPrefix();
  if (!prefix) throw new Error(how);
  report(`Installing ${name} with apt-get…`);
  const failure = await installWithApt(prefix, name);
  const installed = find(`${process.env.PATH ?? ''}${delimiter}/usr/bin`);
  if (!installed) throw new Error(failure ? `${how} (apt-get said: ${failure})` : how);
  return installed;
}

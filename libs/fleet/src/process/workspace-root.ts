import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** The folder of the repository, from wherever this code runs: a source file or a bundle. */
export const workspaceRoot: string = (() => {
  for (let folder = __dirname; ; folder = dirname(folder)) {
    if (existsSync(join(folder, 'nx.json'))) return folder;
    if (folder === dirname(folder)) throw new Error(`no repository above ${__dirname}`);
  }
})();

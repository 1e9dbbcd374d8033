import { existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';

/** Files of swagger-ui-dist that the page needs, and their types. */
const FILES: Readonly<Record<string, string>> = {
  'swagger-ui.css': 'text/css; charset=utf-8',
  'swagger-ui-bundle.js': 'text/javascript; charset=utf-8',
  'favicon-32x32.png': 'image/png',
};

export interface StaticFile {
  readonly type: string;
  readonly body: Buffer;
}

/** Reads a file once, when it is first asked for; undefined when it is none of ours. */
export function createSwaggerFiles(): (name: string) => StaticFile | undefined {
  const read = new Map<string, StaticFile>();
  let folder: string | null = null;
  return (name) => {
    const type = Object.hasOwn(FILES, name) ? FILES[name] : undefined;
    if (type === undefined) return undefined;
    let file = read.get(name);
    if (!file) {
      folder ??= findFolder();
      file = { type, body: readFileSync(join(folder, name)) };
      read.set(name, file);
    }
    return file;
  };
}

/** Beside the bundle (see assets in project.json), or in node_modules when running from the sources. */
function findFolder(): string {
  const beside = join(__dirname, 'swagger-ui');
  if (existsSync(beside)) return beside;
  return dirname(createRequire(__filename).resolve('swagger-ui-dist/package.json'));
}

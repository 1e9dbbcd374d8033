import { readFileSync } from 'node:fs';
import { join } from 'node:path';

const PACKAGE_FOLDER = /^(.*node_modules\/(?:@[^/]+\/)?[^/]+)(?:\/|$)/;

/** The folders of the packages among some files: `node_modules/@a/b/c.js` → `node_modules/@a/b`. */
function packageFolders(files) {
  const folders = files.map((file) => PACKAGE_FOLDER.exec(file)?.[1]).filter((folder) => folder !== undefined);
  return [...new Set(folders)];
}

const purl = (name, version) => `pkg:npm/${name.replace('@', '%40')}@${version}`;

function licenseOf({ license, licenses }) {
  const id = license?.type ?? license ?? licenses?.[0]?.type;
  if (!id) return [];
  return [/[ (]/.test(id) ? { expression: id } : { license: { id } }];
}

function component(folder) {
  const manifest = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
  const { name, version } = manifest;
  const reference = purl(name, version);
  return { type: 'library', 'bom-ref': reference, name, version, licenses: licenseOf(manifest), purl: reference };
}

/**
 * The packages that ended up in a bundle, as a CycloneDX document. It carries neither a time nor a random number: the same
 * sources give the same text.
 * @param {{ name: string, version: string }} service
 * @param {readonly string[]} files paths of everything that was bundled or copied, relative to the repository
 */
export function sbomOf({ name, version }, files) {
  const components = packageFolders(files)
    .map(component)
    .sort((a, b) => (a['bom-ref'] < b['bom-ref'] ? -1 : 1));
  const main = { type: 'application', 'bom-ref': `${name}@${version}`, name, version };
  const document = {
    bomFormat: 'CycloneDX',
    specVersion: '1.6',
    version: 1,
    metadata: { component: main },
    components,
  };
  return `${JSON.stringify(document, null, 2)}\n`;
}

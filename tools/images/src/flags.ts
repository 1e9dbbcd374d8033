import { parseArgs } from 'node:util';
import { ENGINES, type EngineName } from './engine';
import { SERVICES, type Service } from './services';

export interface ImageFlags {
  readonly services: readonly Service[];
  /** Null: the version of package.json. */
  readonly tag: string | null;
  /** Image with Node to build on and to run on; null: the Dockerfile's own. */
  readonly base: string | null;
  /** Null: the first engine that answers. */
  readonly engine: EngineName | null;
  /** PEM file for a proxy that opens TLS. */
  readonly ca: string | null;
  /** False: every step is done again. */
  readonly cache: boolean;
}

export const USAGE = `npm run images -- [--service NAME]… [--tag TAG] [--base IMAGE] [--engine NAME] [--ca FILE] [--no-cache]
  --service NAME  ${SERVICES.join(', ')}; may be repeated; default: all
  --tag TAG       default: the version in package.json
  --base IMAGE    image with Node.js 20 or newer; default: node:24-bookworm-slim
  --engine NAME   ${ENGINES.join(', ')}; default: the first of them that works here
  --ca FILE       PEM file with the certificate of a proxy that opens TLS, for npm ci inside the build
  --no-cache      do every step again`;

const TAG = /^\w[\w.-]{0,127}$/;

/** @throws Error with one readable line on anything that is not known */
export function readFlags(words: readonly string[]): ImageFlags | 'help' {
  const { values } = parseArgs({
    args: [...words],
    options: {
      service: { type: 'string', multiple: true, default: [] },
      tag: { type: 'string' },
      base: { type: 'string' },
      engine: { type: 'string' },
      ca: { type: 'string' },
      'no-cache': { type: 'boolean', default: false },
      help: { type: 'boolean', short: 'h', default: false },
    },
  });
  if (values.help) return 'help';
  const { service, tag, base, engine, ca } = values;
  if (tag !== undefined && !TAG.test(tag)) throw new Error(`--tag ${tag}: letters, digits, _ . and - only`);
  return {
    services: service.length === 0 ? SERVICES : service.map((name) => oneOf('--service', SERVICES, name)),
    tag: tag ?? null,
    base: base ?? null,
    engine: engine === undefined ? null : oneOf('--engine', ENGINES, engine),
    ca: ca ?? null,
    cache: !values['no-cache'],
  };
}

function oneOf<T extends string>(flag: string, known: readonly T[], name: string): T {
  const found = known.find((candidate) => candidate === name);
  if (found === undefined) throw new Error(`${flag} ${name}: there is no such; there are ${known.join(', ')}`);
  return found;
}

import { parseArgs } from 'node:util';

export interface Flags {
  readonly overlay: string;
  /** Where the nodes get the images of the services from; null: as the overlay says. */
  readonly registry: string | null;
  readonly tag: string | null;
  /** The image of Redis; null: as the overlay says. */
  readonly redisImage: string | null;
  readonly namespace: string;
  readonly partitions: number;
  readonly symbols: number;
  /** Leave everything where it is afterwards. */
  readonly keep: boolean;
}

export const USAGE = `npm run e2e:k8s -- [--overlay FOLDER] [--registry PREFIX] [--tag TAG] [--redis-image IMAGE] [--namespace NAME]
                     [--partitions N] [--symbols N] [--keep]
  Installs an overlay with the kubectl and KUBECONFIG that are there, moves, replaces and kills everything while bars flow,
  proves that nothing was lost, and takes it away again.
  --overlay FOLDER       default: deploy/kustomize/overlays/dev; its Redis is the Service redis
  --registry PREFIX      the nodes find PREFIX/wagehood/SERVICE; default: the images as the overlay names them
  --tag TAG              their tag; nodes keep what they have of a tag, so name another one for other images
  --redis-image IMAGE    for nodes that do not reach docker.io, such as registry.example.com/redis:7.4-bookworm
  --namespace NAME       where all of it goes; made and removed, so it must not be there; default: wagehood-e2e
  --partitions N         its PARTITIONS; default: 16
  --symbols N            symbols to add to the watchlist; default: 60
  --keep                 leave it installed`;

/** @throws Error with one readable line */
export function readFlags(words: readonly string[]): Flags | 'help' {
  const { values } = parseArgs({
    args: [...words],
    options: {
      overlay: { type: 'string', default: 'deploy/kustomize/overlays/dev' },
      registry: { type: 'string' },
      tag: { type: 'string' },
      'redis-image': { type: 'string' },
      namespace: { type: 'string', default: 'wagehood-e2e' },
      partitions: { type: 'string', default: '16' },
      symbols: { type: 'string', default: '60' },
      keep: { type: 'boolean', default: false },
      help: { type: 'boolean', short: 'h', default: false },
    },
  });
  if (values.help) return 'help';
  const { overlay, registry = null, tag = null, 'redis-image': redisImage = null, namespace, keep } = values;
  if (!/^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/.test(namespace)) throw new Error(`--namespace ${namespace}: is no name`);
  const [partitions, symbols] = [count('--partitions', values.partitions), count('--symbols', values.symbols)];
  return { overlay, registry, tag, redisImage, namespace, partitions, symbols, keep };
}

function count(flag: string, text: string): number {
  const value = /^\d{1,4}$/.test(text) ? Number(text) : 0;
  if (value < 1) throw new Error(`${flag} ${text}: a whole number from 1 to 9999 is expected`);
  return value;
}

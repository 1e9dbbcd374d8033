import { parseApi } from '@wagehood/command';
import { SERVICES } from '@wagehood/inventory';
import { parseArgs } from 'node:util';

/** Which cluster, as kubectl is told. */
export interface Target {
  readonly kubeconfig?: string;
  readonly context?: string;
  readonly namespace?: string;
}

export type Command =
  | {
      readonly verb: 'status';
      readonly target: Target;
      /** Where the api is; null: Redis is asked. */
      readonly api: string | null;
    }
  | { readonly verb: 'scale'; readonly target: Target; readonly service: string; readonly replicas: number };

export const USAGE = `npm run fleet -- status [--api URL] | scale SERVICE N
  status   who runs where: Deployments and pods from the cluster, joined with the processes that Redis knows
  scale    sets the replicas of a service
  --api URL           ask an api instead of Redis, such as http://127.0.0.1:8000; API_KEY holds a key for it
  --kubeconfig FILE   default: KUBECONFIG, or ~/.kube/config
  --context NAME      default: the current one
  --namespace NAME    default: that of the context, or wagehood
  Redis is found by REDIS_URL and its kin, as the services find it.`;

/** @throws Error with one readable line */
export function parseCommand(words: readonly string[]): Command | 'help' {
  const { values, positionals } = parseArgs({
    args: [...words],
    allowPositionals: true,
    options: {
      api: { type: 'string' },
      kubeconfig: { type: 'string' },
      context: { type: 'string' },
      namespace: { type: 'string' },
      help: { type: 'boolean', short: 'h', default: false },
    },
  });
  const { api, help, ...target } = values;
  const [verb, ...rest] = positionals;
  if (help) return 'help';
  if (verb === 'status' && rest.length === 0) return { verb, target, api: api === undefined ? null : parseApi(api) };
  if (verb === 'scale' && rest.length === 2) {
    if (api !== undefined) throw new Error('--api: scale speaks to Kubernetes alone');
    const [service, replicas] = rest as [string, string];
    return { verb, target, service: parseService(service), replicas: parseReplicas(replicas) };
  }
  throw new Error(`${positionals.join(' ') || 'nothing'}: status, or scale SERVICE N is expected`);
}

function parseService(name: string): string {
  const names = SERVICES.map((service) => service.name);
  if (!names.some((known) => known === name))
    throw new Error(`${name}: unknown service; there are ${names.join(', ')}`);
  return name;
}

function parseReplicas(text: string): number {
  if (!/^\d{1,4}$/.test(text)) throw new Error(`${text}: a whole number of replicas from 0 to 9999 is expected`);
  return Number(text);
}

import {
  ACCOUNT_FOLDER,
  connectCluster,
  createWorkloadWatch,
  unwatched,
  type WorkloadWatch,
} from '@wagehood/inventory';
import { existsSync } from 'node:fs';
import type { ApiEnv } from './env';

/** Follows the Deployments and pods, when there is a cluster to ask and an account to ask with. */
export function watchKubernetes({ mode, host, port, folder = ACCOUNT_FOLDER }: ApiEnv['kubernetes']): WorkloadWatch {
  if (mode === 'off') return unwatched('KUBERNETES=off');
  if (host === undefined) return unwatched('this is no pod: KUBERNETES_SERVICE_HOST is not set');
  if (mode === 'auto' && !existsSync(folder)) return unwatched('this pod has no service account token');
  return createWorkloadWatch({ connect: () => connectCluster({ type: 'pod', host, port, folder }) });
}

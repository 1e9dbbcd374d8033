import { apiKeyEnv } from '@wagehood/command';
import { defineEnv, logEnv, redisEnv } from '@wagehood/config';

/** What the command reads besides its flags; KUBECONFIG is read by the Kubernetes client. */
export const fleetEnv = defineEnv({ redis: redisEnv, log: logEnv, api: apiKeyEnv });

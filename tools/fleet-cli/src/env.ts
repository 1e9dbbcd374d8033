import { defineEnv, fragment, logEnv, redisEnv, secretVariable, text } from '@wagehood/config';

const apiKeyEnv = fragment({ key: secretVariable('API_KEY', text('a key with the scope read'), 'sent to --api') });

/** What the command reads besides its flags; KUBECONFIG is read by the Kubernetes client. */
export const fleetEnv = defineEnv({ redis: redisEnv, log: logEnv, api: apiKeyEnv });

import { defineEnv, fragment, secretVariable, text } from '@wagehood/config';

const apiKeyEnv = fragment({ key: secretVariable('API_KEY', text('a key of the api'), 'sent to the api') });

/** What the command reads besides its flags. */
export const deadLettersEnv = defineEnv({ api: apiKeyEnv });

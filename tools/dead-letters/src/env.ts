import { defineEnv } from '@wagehood/config';
import { apiKeyEnv } from '@wagehood/command';

/** What the command reads besides its flags. */
export const deadLettersEnv = defineEnv({ api: apiKeyEnv });

import { variablesOf, type EnvSchema, type EnvSource } from '../env/load-env';
import type { Origin } from '../resolve/resolve-settings';
import type { Settings } from '../settings/settings';
import { MASK, maskSettings, maskUrl } from './mask-settings';

/** One variable as it is in force; secrets are masked. */
export interface EnvLine {
  readonly name: string;
  readonly value: string;
  readonly origin: 'environment' | 'file' | 'default';
  readonly meaning: string;
}

function shown(value: unknown): string {
  if (value === undefined) return '(not set)';
  if (Array.isArray(value)) return value.map(shown).join(',');
  return typeof value === 'object' && value !== null ? JSON.stringify(value) : String(value);
}

/** What each variable of a schema is set to. */
export function describeEnv<T extends object>(schema: EnvSchema<T>, source: EnvSource): readonly EnvLine[] {
  return variablesOf(schema).map(({ name, meaning, secret, fallback }): EnvLine => {
    const raw = source[name]?.trim() || undefined;
    const fromFile = secret && raw === undefined && Boolean(source[`${name}_FILE`]?.trim());
    if (fromFile) return { name, value: MASK, origin: 'file', meaning };
    if (raw === undefined) return { name, value: shown(fallback), origin: 'default', meaning };
    return { name, value: secret ? maskSecret(raw) : maskUrl(raw), origin: 'environment', meaning };
  });
}

/** A URL is worth seeing without its password; any other secret is not. */
const maskSecret = (raw: string) => (/^(rediss?|unix|https?):\/\//.test(raw) ? maskUrl(raw) : MASK);

/**
 * The configuration in force as JSON text: `settings` can be used as a settings file once masked secrets are filled in, `origins`
 * says where each part came from, `environment` lists the variables.
 */
export function describeConfig(
  settings: Settings,
  origins: Readonly<Record<string, Origin>> = {},
  environment: readonly EnvLine[] = [],
): string {
  const variables = Object.fromEntries(environment.map(({ name, value, origin }) => [name, { value, origin }]));
  return JSON.stringify({ settings: maskSettings(settings), origins, environment: variables }, null, 2);
}

import { formatFaults, loadEnv } from '@wagehood/config';
import type { ProviderDefinition } from '../provider';

/** A provider's settings from a literal environment; throws with the list of faults. */
export function settingsOf<S>(provider: ProviderDefinition<S>, environment: Record<string, string>): S {
  const env = loadEnv({ provider: provider.env }, environment, () => '');
  if (!env.ok) throw new Error(formatFaults(env.faults, 'environment'));
  return env.value.provider;
}

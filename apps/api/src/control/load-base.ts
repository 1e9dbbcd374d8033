import {
  formatFaults,
  readSettingsFile,
  resolveSettings,
  type Catalogs,
  type Fault,
  type Settings,
  type SettingsOverrides,
} from '@wagehood/config';

export interface Base {
  readonly settings: Settings;
  readonly warnings: readonly Fault[];
}

/**
 * The base of the configuration: environment (the runner hands flags on as variables) over the file over the defaults.
 * @param text of the settings file; null = there is none
 * @throws Error with one readable list of all faults
 */
export function loadBase(text: string | null, env: SettingsOverrides, catalogs: Catalogs): Base {
  const read = text === null ? { ok: true as const, file: undefined } : readSettingsFile(text);
  if (!read.ok) throw new Error(formatFaults(read.faults, 'settings file'));
  const resolved = resolveSettings({ env, file: read.file }, catalogs);
  if (!resolved.ok) throw new Error(formatFaults(resolved.faults, 'settings'));
  return { settings: resolved.settings, warnings: resolved.warnings };
}

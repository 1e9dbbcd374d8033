import type { Fault } from '../fault';
import { settingsFileSchema, type Settings } from '../settings/settings';
import { applyOverrides, overriddenPaths } from './apply-overrides';
import { checkSettings, type Catalogs } from './check-settings';
import { faultsOfIssues } from './faults-of-issues';
import { knownFields } from './known-fields';
import type { SettingsOverrides } from './overrides';
import { warningsOf } from './warnings-of';

export type Origin = 'flag' | 'environment' | 'file' | 'default';

/** Where settings come from, strongest first. */
export interface SettingsSources {
  /** What `readSettingsFlags` returned. */
  readonly flags?: SettingsOverrides;
  /** What `settingsEnv` read. */
  readonly env?: SettingsOverrides;
  /** The parsed JSON of the settings file; undefined = no file. */
  readonly file?: unknown;
}

export type SettingsResult =
  | {
      readonly ok: true;
      readonly settings: Settings;
      readonly warnings: readonly Fault[];
      /** Where each section, and each field of `system`, was taken from. */
      readonly origins: Readonly<Record<string, Origin>>;
    }
  | { readonly ok: false; readonly faults: readonly Fault[] };

/**
 * The settings in force: flag > environment > file > default, then checked as a whole. Returns every fault at once: those of the
 * file's shape first, because what does not have the right shape cannot be checked further.
 */
export function resolveSettings({ flags = {}, env = {}, file }: SettingsSources, catalogs: Catalogs): SettingsResult {
  const parsed = settingsFileSchema.safeParse(file === undefined ? {} : file);
  if (!parsed.success) return { ok: false, faults: faultsOfIssues(parsed.error.issues, file, knownFields) };
  const settings = applyOverrides(applyOverrides(parsed.data, env), flags);
  const faults = checkSettings(settings, catalogs);
  if (faults.length > 0) return { ok: false, faults };
  return { ok: true, settings, warnings: warningsOf(settings), origins: originsOf(settings, { flags, env, file }) };
}

/** Checks settings that stand alone (a file, the body of a request); parsed JSON in, settings with defaults or all faults out. */
export function parseSettings(json: unknown, catalogs: Catalogs): SettingsResult {
  if (json === undefined)
    return { ok: false, faults: [{ path: 'settings', message: 'are missing', expected: 'an object' }] };
  return resolveSettings({ file: json }, catalogs);
}

/** Reads the text of a settings file. A text that is no JSON is one fault, which says where. */
export function readSettingsFile(
  text: string,
): { readonly ok: true; readonly file: unknown } | { readonly ok: false; readonly faults: readonly Fault[] } {
  try {
    return { ok: true, file: JSON.parse(text.replace(/^\uFEFF/, '')) as unknown };
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    return { ok: false, faults: [{ path: 'settings file', message: `is not JSON: ${message}` }] };
  }
}

function originsOf(settings: Settings, { flags = {}, env = {}, file }: SettingsSources): Record<string, Origin> {
  const given = (file ?? {}) as Record<string, unknown>;
  const system = (given['system'] ?? {}) as object;
  const origins: Record<string, Origin> = {};
  for (const section of Object.keys(settings)) {
    if (section !== 'system') origins[section] = section in given ? 'file' : 'default';
  }
  for (const field of Object.keys(settings.system)) origins[`system.${field}`] = field in system ? 'file' : 'default';
  for (const path of overriddenPaths(env)) origins[path] = 'environment';
  for (const path of overriddenPaths(flags)) origins[path] = 'flag';
  return origins;
}

import {
  describeConfig,
  describeEnv,
  flagVariable,
  loadEnv,
  readSettingsFile,
  readSettingsFlags,
  resolveSettings,
  settingsFlags,
  type Catalogs,
  type EnvOf,
  type Fault,
  type Loaded,
  type Settings,
  type SettingsFlag,
} from '@wagehood/config';
import type { Flags } from '../cli/flags';
import { recordingFaults, replayFilesFor } from '../replay/recordings';
import { runnerEnv } from './runner-env';

type Environment = Readonly<Record<string, string | undefined>>;

/** Everything that is decided before the first process starts. */
export interface Run {
  readonly settings: Settings;
  readonly warnings: readonly Fault[];
  readonly env: EnvOf<typeof runnerEnv>;
  /** The environment with the flags on top: what the services are started with. */
  readonly environment: Environment;
  /** Whether all bars come from recordings, so that there is an end. */
  readonly isReplay: boolean;
  /** What `--show-config` prints; secrets are masked. */
  readonly description: string;
}

export interface LoadRunOptions {
  readonly flags: Flags;
  readonly environment: Environment;
  readonly readText: (path: string) => string;
  readonly catalogs: Catalogs;
  /** The folder of the repository. */
  readonly root: string;
}

/** Flags, environment and settings file as one checked whole, or every fault at once. */
export function loadRun(options: LoadRunOptions): Loaded<Run> {
  const environment = withFlags(options.flags, withLocalDefaults(options.environment));
  const faults: Fault[] = [];
  const env = loadEnv(runnerEnv, environment, options.readText);
  const flagged = readSettingsFlags(options.flags);
  // A flag that is wrong is wrong in the environment made of it as well: it is named once, by the name that was typed.
  const flagNames = Object.keys(settingsFlags).filter((flag) => flag in options.flags) as SettingsFlag[];
  const typed = new Set(flagNames.map(flagVariable));
  if (!flagged.ok) faults.push(...flagged.faults);
  if (!env.ok) faults.push(...env.faults.filter(({ path }) => !typed.has(path)));
  const file = readFile(environment['CONFIG_FILE']?.trim() || undefined, options.readText, faults);
  const resolved = resolveSettings(
    {
      flags: flagged.ok ? flagged.value : {},
      env: env.ok ? withoutFlagged(env.value.settings, flagNames) : {},
      ...(file !== undefined && { file }),
    },
    options.catalogs,
  );
  if (!resolved.ok) return { ok: false, faults: [...faults, ...resolved.faults] };
  const { settings, warnings, origins } = resolved;
  const replayFiles = replayFilesFor(settings, environment, options.root);
  faults.push(...recordingFaults(settings, replayFiles));
  if (faults.length > 0 || !env.ok) return { ok: false, faults };
  const complete = replayFiles === null ? environment : { ...environment, REPLAY_FILES: replayFiles };
  return {
    ok: true,
    value: {
      settings,
      warnings,
      env: env.value,
      environment: complete,
      isReplay: enabled(settings).every(
        ({ data_provider: own }) => (own ?? settings.system.data_provider) === 'replay',
      ),
      description: describeConfig(settings, origins, describeEnv(runnerEnv, complete)),
    },
  };
}

const enabled = ({ watchlist }: Settings) => watchlist.filter((entry) => entry.enabled);

/** On one's own machine the API needs no key; it listens on loopback then. A host that was asked for keeps its keys. */
function withLocalDefaults(environment: Environment): Environment {
  if (environment['API_HOST']?.trim() || environment['API_AUTH']?.trim()) return environment;
  return { ...environment, API_HOST: '127.0.0.1', API_AUTH: 'off' };
}

function withFlags(flags: Flags, environment: Environment): Environment {
  const given: Record<string, string> = {};
  for (const flag of Object.keys(settingsFlags) as SettingsFlag[]) {
    const value = flags[flag];
    if (value !== undefined) given[flagVariable(flag)] = value;
  }
  if (flags['config-file']) given['CONFIG_FILE'] = flags['config-file'];
  if (flags['log-file']) given['LOG_FILE'] = flags['log-file'];
  if (flags['log-level']) given['LOG_LEVEL'] = flags['log-level'];
  return { ...environment, ...given };
}

/** What came by flag is not said to come from the environment. */
function withoutFlagged<T extends object>(settings: T, flags: readonly SettingsFlag[]): T {
  const hidden = new Set<string>(flags.map((flag) => settingsFlags[flag]));
  return Object.fromEntries(Object.entries(settings).filter(([key]) => !hidden.has(key))) as T;
}

function readFile(path: string | undefined, readText: (path: string) => string, faults: Fault[]): unknown {
  if (path === undefined) return undefined;
  try {
    const parsed = readSettingsFile(readText(path));
    if (parsed.ok) return parsed.file;
    faults.push(...parsed.faults);
  } catch (error) {
    faults.push({ path, message: `cannot be read: ${error instanceof Error ? error.message : String(error)}` });
  }
  return undefined;
}

import { parseArgs } from 'node:util';
import { labelOf, type Scenario } from './scenario';

/** What the command line asks for. */
export interface ChaosFlags {
  /** Scenarios with how often each strikes. */
  readonly plans: readonly ScenarioPlan[];
  readonly seed: number;
  /** For everything together; null = until every scenario has struck as often as it is meant to. */
  readonly minutes: number | null;
  /** How many symbols, of a bar a second each. */
  readonly symbols: number;
  /** Another Node, for the copies of `determinism`. */
  readonly otherNode: string | null;
  /** File for the report, as JSON. */
  readonly json: string | null;
}

export interface ScenarioPlan {
  readonly scenario: Scenario;
  readonly label: string;
  readonly strikes: number;
}

export const usage = (
  scenarios: readonly Scenario[],
): string => `npm run chaos -- [--scenario NAME]… [--seed N] [--minutes M] [--symbols N]
                     [--other-node FILE] [--json FILE]
  --scenario NAME   one of those below; may be repeated; another number behind its name is how often it strikes
  --seed N          the same seed, the same faults; default 1
  --minutes M       time for all of them together; each verifies what it has done when its share is over
  --symbols N       a multiple of 16; each has a bar a second; default 2000
  --other-node FILE the copies of determinism run on this Node, to see that the version does not matter
  --json FILE       writes the report as JSON beside the text

${scenarios.map((scenario) => `  ${labelOf(scenario).padEnd(22)}${scenario.title}`).join('\n')}`;

/** @throws Error with one readable line on a flag or scenario that is not known */
export function readFlags(words: readonly string[], scenarios: readonly Scenario[]): ChaosFlags | 'help' {
  const { values } = parseArgs({
    args: [...words],
    options: {
      scenario: { type: 'string', multiple: true, default: [] },
      seed: { type: 'string', default: '1' },
      minutes: { type: 'string' },
      symbols: { type: 'string', default: '2000' },
      'other-node': { type: 'string' },
      json: { type: 'string' },
      help: { type: 'boolean', short: 'h', default: false },
    },
  });
  if (values.help) return 'help';
  const names = values.scenario.flatMap((text) => text.split(',')).filter((name) => name !== '');
  return {
    plans: (names.length > 0 ? names : scenarios.map(labelOf)).map((name) => planOf(name, scenarios)),
    seed: numberIn('--seed', values.seed, (n) => Number.isInteger(n) && n >= 0 && n < 2 ** 32),
    minutes: values.minutes === undefined ? null : numberIn('--minutes', values.minutes, (n) => n > 0),
    symbols: numberIn('--symbols', values.symbols, (n) => n > 0 && n % 16 === 0),
    otherNode: values['other-node'] ?? null,
    json: values.json ?? null,
  };
}

/** `kill9-200`, `kill9-20` and `kill9` are one scenario. */
function planOf(name: string, scenarios: readonly Scenario[]): ScenarioPlan {
  for (const scenario of scenarios) {
    const strikes = scenario.strikes ?? 0;
    if (name === scenario.name || name === labelOf(scenario)) return { scenario, label: labelOf(scenario), strikes };
    const counted = /^(.*)-([1-9]\d*)$/.exec(name);
    if (scenario.strikes !== null && counted?.[1] === scenario.name)
      return { scenario, label: name, strikes: Number(counted[2]) };
  }
  throw new Error(`--scenario ${name}: there is no such scenario; there are ${scenarios.map(labelOf).join(', ')}`);
}

function numberIn(flag: string, text: string, isGood: (n: number) => boolean): number {
  const value = Number(text);
  if (text.trim() === '' || !isGood(value)) throw new Error(`${flag} ${text}: not a number that could be meant`);
  return value;
}

import { runScenario } from './run-chaos';
import { SMALL_LOAD } from './scenario';
import { scenarios } from './scenarios';

/** A tenth of the long run, with fewer symbols and fewer bars a second. */
const TENTH: Readonly<Record<string, number>> = {
  schedules: 500,
  mutants: 100,
  kill9: 20,
  corrections: 4,
  rolling: 5,
  'scale-1-2-4-6-3-1': 0,
  zombie: 5,
  'redis-kill': 2,
  powerloss: 5,
  'conn-cut': 60,
  'alert-once': 2,
  'ingest-disorder': 30,
  'trim-ahead': 0,
  'naive-control': 0,
};
const SEED = 1;
/** Strikes end when the time is over; what has happened by then is verified all the same. */
const SHARE_MS = 20_000;

describe('a fleet of real services over a real Redis', () => {
  it.each(Object.entries(TENTH))('%s, %i strikes: nothing lost, doubled, swapped or changed', async (name, strikes) => {
    const scenario = scenarios.find((known) => known.name === name);
    if (!scenario) throw new Error(`no scenario ${name}`);
    const said: string[] = [];
    const options = { seed: SEED, load: SMALL_LOAD, shareMs: SHARE_MS, say: (text: string) => void said.push(text) };
    const report = await runScenario({ scenario, label: name, strikes }, options);
    expect({ violation: report.violation, said: report.passed ? [] : said }).toEqual({ violation: null, said: [] });
  });
});

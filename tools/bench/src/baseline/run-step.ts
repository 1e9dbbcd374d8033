import { connectRedis, silentLog } from '@wagehood/streams';
import { benchSymbols } from '../symbols';
import { naive } from './naive';
import { pipelined } from './pipelined';
import { stepNames } from './steps';

const baselines = { naive, pipelined };

/** `--role step <baseline> <step> <redis url> <symbols>`: one process of a baseline. */
export async function runStep(words: readonly string[]): Promise<void> {
  const [baseline, step, url, count] = words;
  const steps = baselines[baseline as keyof typeof baselines];
  const name = stepNames.find((known) => known === step);
  if (!steps || !name || !url) throw new Error(`no such step: ${words.join(' ')}`);
  const link = connectRedis({ url, host: '', port: 0 }, { name: step ?? '', log: silentLog });
  await link.ready();
  const work = steps[name](link, benchSymbols(Number(count)));
  process.stdout.write(`${JSON.stringify({ message: 'ready' })}\n`);
  await work();
}

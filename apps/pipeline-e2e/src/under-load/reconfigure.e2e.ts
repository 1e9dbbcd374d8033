import {
  atRest,
  evenSymbols,
  inMidStream,
  moreCommitted,
  openSettings,
  reconfigurations,
  spelledOut,
  startSystem,
  Witness,
  type System,
} from '@wagehood/fleet';
import type { SettingsInput } from '@wagehood/config';

const SYMBOLS = evenSymbols(2);
const NEW_SYMBOLS = evenSymbols(3).filter((symbol) => !SYMBOLS.includes(symbol));
const first = spelledOut(openSettings(SYMBOLS, {}, ['1s', '5s']));
const changes = reconfigurations(NEW_SYMBOLS);
/** The change with which timeframes come: there is much to fetch. */
const INGESTION_DIES = 3;
const BARS_UNSEEN = 200;

describe('the configuration changes in mid-stream', () => {
  let system: System;
  afterEach(() => system?.stop());

  it('while every service is killed right after a change: all of them change at the same bar, and stay exact', async () => {
    system = await startSystem({ settings: first });
    // Not faster: the witness has to read all of it before it is trimmed.
    const feed = () => system.start('ingestion', { MOCK_SPEED: '15/s', HISTORY_BARS: '40' });
    let ingestion = feed();
    await system.up('calculation-worker', 'calculation-worker', 'strategy-evaluator');
    await inMidStream(system, ingestion);
    const witness = new Witness(system); // from the beginning on: what it has not seen may be trimmed
    /** Lets so many bars pass, some at a time, and looks in between: pasts fill the bytes that a stream keeps. */
    const pass = async (bars: number, stage?: 'strategy') => {
      for (let left = bars; left > 0; left -= BARS_UNSEEN) {
        await moreCommitted(system, Math.min(left, BARS_UNSEEN), stage);
        await witness.look();
      }
    };
    let settings: SettingsInput = first;
    for (const [i, change] of changes.entries()) {
      await pass(1_000, 'strategy');
      await system.configure((settings = change(settings)));
      if (i === INGESTION_DIES) {
        await ingestion.kill(); // wherever it was: before the configuration was in all logs, or among the pasts
        ingestion = feed();
      }
      await pass(200 * i);
      const stage = i % 2 ? 'strategy-evaluator' : 'calculation-worker';
      await system.running(stage)[0]?.kill();
      system.start(stage);
      await witness.look();
    }
    await pass(3_000, 'strategy');
    expect(await ingestion.terminate()).toMatchObject({ code: 0 });
    await atRest(system);
    const { series, signals, refused, pasts } = await witness.conclude();
    expect(series.size).toBe(SYMBOLS.length + NEW_SYMBOLS.length);
    expect(signals).toBeGreaterThan(0);
    expect(refused).toBe(0);
    expect(pasts).toBeGreaterThan(SYMBOLS.length);
    expect(await system.reader.deadLetterCount('calculation')).toBe(0);
    expect(await system.reader.deadLetterCount('strategy')).toBe(0);
  });
});

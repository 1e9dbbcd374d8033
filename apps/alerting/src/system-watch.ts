import { rateLimited, type Logger, type Part } from '@wagehood/service';
import { memoryUse, stageNames, type Observations, type Reader, type RedisLink } from '@wagehood/streams';
import { createSystemEyes, type SystemView } from './see-system';

const DEFAULT_PACE: WatchPace = { everyMs: 5_000 };

export interface WatchPace {
  readonly everyMs: number;
  /** How long partitions may be nobody's. */
  readonly unownedMs?: number;
}

/** What this process knows of itself. */
export interface OwnSigns {
  readonly openChannels: Set<string>;
  letter: string | null;
}

export interface SystemWatchDeps {
  readonly link: RedisLink;
  readonly reader: Pick<Reader, 'members' | 'standings'>;
  readonly observations: Observations;
  readonly signs: OwnSigns;
  readonly log: Logger;
  readonly pace?: WatchPace | undefined;
}

/** Looks at the whole system every few seconds and tells in the log of alerting what is not as it should be. */
export function systemWatchPart({
  link,
  reader,
  observations,
  signs,
  log,
  pace: { everyMs, unownedMs } = DEFAULT_PACE,
}: SystemWatchDeps): Part {
  const eyes = createSystemEyes(unownedMs);
  const quiet = rateLimited(log);
  let timer: NodeJS.Timeout | undefined;
  let looking: Promise<void> = Promise.resolve();

  const view = async (): Promise<SystemView> => {
    const [producers, use, ...stages] = await Promise.all([
      reader.members('ingestion'),
      memoryUse(link),
      ...stageNames.map(async (name) => {
        const [members, standings] = await Promise.all([reader.members(name), reader.standings(name)]);
        return { name, members, standings };
      }),
    ]);
    return {
      producers: producers.length,
      stages,
      memoryUse: use,
      openChannels: [...signs.openChannels],
      letter: signs.letter,
    };
  };
  const look = async (): Promise<void> => {
    try {
      const seen = await view();
      for (const observation of eyes.look(seen, performance.now())) {
        const answer = await observations.tell(observation);
        if (answer === 'told') log.warn(`${observation.code}: ${observation.detail}`);
        if (answer !== 'early' && observation.subject === 'alerting' && signs.letter === seen.letter)
          signs.letter = null;
      }
    } catch (error) {
      eyes.blink();
      quiet.debug('look', 'the system cannot be seen', { error: String(error) });
    }
  };
  return {
    name: 'system-watch',
    start() {
      timer = setInterval(() => (looking = looking.then(look)), everyMs);
    },
    async stop() {
      clearInterval(timer);
      await looking;
    },
  };
}

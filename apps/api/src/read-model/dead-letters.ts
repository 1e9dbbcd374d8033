import {
  deadLetterSummary,
  parseDeadLetter,
  toHttpDeadLetter,
  type DeadLetterResponse,
  type DeadLettersQuery,
  type DeadLetterSummary,
  type LetterPlace,
  type Stage,
} from '@wagehood/contracts';
import { partitionOf, stageNames, type KeptLetter, type Reader } from '@wagehood/streams';

/** All that a partition keeps. */
const MOST_KEPT = 20_000;

export type LetterReader = Pick<Reader, 'deadLetters' | 'deadLetter' | 'deadLetterCount'>;

/** A page of dead letters, newest first. A symbol's are in its partition alone. */
export async function listLetters(
  reader: LetterReader,
  { stage = [...stageNames], partition, symbols, limit }: DeadLettersQuery,
  partitions: number,
): Promise<DeadLetterSummary[]> {
  const wanted = symbols ? [...new Set(symbols.map((symbol) => partitionOf(symbol, partitions)))] : undefined;
  const where = partition === undefined ? wanted : (wanted ?? [partition]).filter((each) => each === partition);
  const inside = where?.filter((each) => each < partitions);
  const found = await Promise.all(
    stage.map(async (name) => {
      const kept = await reader.deadLetters(name, symbols ? MOST_KEPT : limit, inside);
      return kept.flatMap((letter) => summaries(name, letter));
    }),
  );
  return found
    .flat()
    .filter(({ symbol }) => symbols === undefined || (symbol !== null && symbols.includes(symbol)))
    .sort((a, b) => (a.at === b.at ? (a.id < b.id ? 1 : -1) : a.at < b.at ? 1 : -1))
    .slice(0, limit);
}

/** One whole; null when it is not there. */
export async function readLetter(reader: LetterReader, place: LetterPlace): Promise<DeadLetterResponse | null> {
  const kept = await reader.deadLetter(place.stage, place.partition, place.entry);
  return kept ? (letterOf(place.stage, kept) ?? null) : null;
}

export async function countLetters(reader: LetterReader): Promise<Record<Stage, number>> {
  const [calculation, strategy, alerting] = await Promise.all([
    reader.deadLetterCount('calculation'),
    reader.deadLetterCount('strategy'),
    reader.deadLetterCount('alerting'),
  ]);
  return { calculation, strategy, alerting };
}

function letterOf(stage: Stage, { partition, entry, json }: KeptLetter): DeadLetterResponse | undefined {
  const parsed = parseDeadLetter(json);
  return parsed.ok ? toHttpDeadLetter({ stage, partition, entry }, parsed.value) : undefined;
}

function summaries(stage: Stage, kept: KeptLetter): DeadLetterSummary[] {
  const letter = letterOf(stage, kept);
  return letter ? [deadLetterSummary.parse(letter)] : [];
}

import type { ServiceStatus } from '../process/service-spec';
import { duration, grouped, signalColumns, table } from './format';
import type { Picture } from './picture';

const SIGNAL_ROWS = 8;
const NOTE_ROWS = 3;

/** Processes of one kind in one row: four workers that are ready need no four lines. */
function serviceRows(services: readonly ServiceStatus[]): string[][] {
  const kinds = new Map<string, ServiceStatus[]>();
  for (const service of services) {
    const kind = service.name.replace(/-\d+$/, '');
    kinds.set(kind, [...(kinds.get(kind) ?? []), service]);
  }
  return [...kinds].map(([kind, members]) => {
    const ready = members.filter(({ state }) => state === 'ready').length;
    const odd = members.find(({ state }) => state !== 'ready');
    const restarts = members.reduce((sum, member) => sum + member.restarts, 0);
    return [
      kind,
      `${ready}/${members.length}`,
      odd ? odd.state : 'ready',
      restarts > 0 ? `${restarts} restart${restarts > 1 ? 's' : ''}` : '',
    ];
  });
}

function stageRows({ stats }: Picture): string[][] {
  if (!stats) return [];
  const head = ['stage', 'partitions', 'waiting', 'per second'];
  const rows = stats.stages.map(({ name, owned, partitions, lagBars, barsPerSecond }) => [
    name,
    `${owned}/${partitions}`,
    grouped(lagBars),
    grouped(barsPerSecond),
  ]);
  return [head, ...rows];
}

const indent = (lines: readonly string[]) => lines.map((line) => `  ${line}`.trimEnd());

/** The whole picture as lines of text, top to bottom. */
export function frame(picture: Picture): string[] {
  const { stats, signals, notes } = picture;
  const totals = stats
    ? `${grouped(stats.symbols)} symbols · ${grouped(stats.bars)} bars · ${grouped(stats.signals)} signals · ${grouped(stats.alerts)} alerts`
    : 'waiting for the first figures';
  return [
    `wagehood · up ${duration(picture.upSeconds)} · ${picture.apiUrl}/docs`,
    `Redis ${picture.redis}`,
    '',
    ...indent(table([['service', 'ready', 'state', ''], ...serviceRows(picture.services)])),
    '',
    ...indent(table(stageRows(picture))),
    ...(stats ? [''] : []),
    `  ${totals}`,
    '',
    '  last signals',
    ...indent(signals.length > 0 ? table(signals.slice(0, SIGNAL_ROWS).map(signalColumns)) : ['  none yet']),
    ...(notes.length > 0 ? ['', ...indent(notes.slice(0, NOTE_ROWS))] : []),
    '',
    `Ctrl-C stops everything · log: ${picture.logFile}`,
  ];
}

/** The state of everything on one line, for output that is no terminal. */
export function statusLine({ services, stats }: Picture): string {
  const ready = services.filter(({ state }) => state === 'ready').length;
  const parts = [`${ready}/${services.length} processes ready`];
  if (stats) {
    const lag = stats.stages.reduce((sum, { lagBars }) => sum + lagBars, 0);
    parts.push(`${grouped(stats.barsPerSecond)} bars/s`, `${grouped(lag)} waiting`);
    parts.push(`${grouped(stats.bars)} bars`, `${grouped(stats.signals)} signals`);
  }
  return parts.join(' · ');
}

import { kindOf, type Alert, type AlertsQuery } from '@wagehood/contracts';

type IsAcknowledged = (id: string) => boolean;

/** Where a page ends: creation time and id of its last alert. */
const CURSOR = /^(\d{1,15})\.([a-z0-9_-]{1,200})$/;

/** A page of alerts (newest first) that are what the query asks for. Null when the cursor is not one of ours. */
export function listAlerts(
  alerts: readonly Alert[],
  query: AlertsQuery,
  isAcknowledged: IsAcknowledged,
): { readonly page: readonly Alert[]; readonly nextCursor: string | null } | null {
  const after = query.cursor === undefined ? undefined : CURSOR.exec(query.cursor);
  if (after === null) return null;
  const found = alerts.filter(
    (alert) =>
      (!after || isBehind(alert, Number(after[1]), after[2] as string)) && matches(alert, query, isAcknowledged),
  );
  const page = found.slice(0, query.limit);
  const last = page.at(-1);
  return { page, nextCursor: last && found.length > page.length ? `${last.createdAt}.${last.id}` : null };
}

const isBehind = ({ createdAt, id }: Alert, time: number, lastId: string): boolean =>
  createdAt < time || (createdAt === time && id < lastId);

const symbolsOf = ({ signal, system }: Alert): readonly string[] =>
  signal ? [signal.symbol] : (system?.symbols ?? []);

function matches(alert: Alert, query: AlertsQuery, isAcknowledged: IsAcknowledged): boolean {
  const among = <T>(wanted: readonly T[] | undefined, value: T | undefined): boolean =>
    wanted === undefined || (value !== undefined && wanted.includes(value));
  return (
    among(query.kind, kindOf(alert)) &&
    among(query.status, alert.status) &&
    among(query.severity, alert.severity) &&
    among(query.rule, alert.rule) &&
    among(query.channel, alert.channel) &&
    (query.symbols === undefined || symbolsOf(alert).some((symbol) => query.symbols?.includes(symbol))) &&
    alert.createdAt >= (query.start_date ?? 0) &&
    alert.createdAt < (query.end_date ?? Number.MAX_SAFE_INTEGER) &&
    (query.acknowledged === undefined || isAcknowledged(alert.id) === (query.acknowledged === 'true'))
  );
}

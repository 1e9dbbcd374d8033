import { parseAlert, type Alert } from '@wagehood/contracts';
import { RECENT_ALERTS, type Reader } from '@wagehood/streams';
import { MicroCache } from '../read-model/micro-cache';

const FRESH_MS = 250;

/** The alerts of all partitions as they stand now. */
export interface AlertBook {
  /** The newest ones and all that were given up; newest first. */
  all(): Promise<readonly Alert[]>;
  /** Only those that were given up and have not arrived since. */
  undelivered(): Promise<readonly Alert[]>;
}

export function createAlertBook(reader: Pick<Reader, 'alerts' | 'undeliveredAlerts'>): AlertBook {
  const cache = new MicroCache<readonly Alert[]>(FRESH_MS, 2);
  const undelivered = async () => cache.get('undelivered', async () => foldAlerts(await reader.undeliveredAlerts()));
  const all = async () => {
    const [recent, given] = await Promise.all([reader.alerts(RECENT_ALERTS), reader.undeliveredAlerts()]);
    return foldAlerts([...recent, ...given]);
  };
  return { all: async () => cache.get('all', all), undelivered };
}

/** One alert per id, as it was last settled; newest first, so that equal times have one order too. */
export function foldAlerts(jsons: readonly string[]): readonly Alert[] {
  const byId = new Map<string, Alert>();
  for (const json of jsons) {
    const parsed = parseAlert(json);
    if (!parsed.ok) continue;
    const alert = parsed.value as Alert;
    const known = byId.get(alert.id);
    if (!known || (alert.settledAt ?? 0) >= (known.settledAt ?? 0)) byId.set(alert.id, alert);
  }
  return [...byId.values()].sort((a, b) => b.createdAt - a.createdAt || (a.id < b.id ? 1 : -1));
}

import { readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { askRedis } from './ask-redis';

const fileOf = (folder: string) => join(folder, 'port');

/**
 * Two servers must never write one append-only file. What counts is a server that answers and writes there, not a file that
 * a crash may have left behind.
 * @throws when a server already uses the folder
 */
export async function refuseSecondServer(folder: string): Promise<void> {
  const port = notedPort(folder);
  if (port === null) return;
  const answer = await askRedis(port, 'CONFIG GET dir');
  if (answer?.split('\r\n').includes(resolve(folder))) {
    throw new Error(`Another wagehood already runs on the data folder ${folder} (its Redis listens on port ${port}).`);
  }
}

/** Notes the port of the server that now uses the folder. */
export function notePort(folder: string, port: number): void {
  writeFileSync(fileOf(folder), `${port}\n`);
}

function notedPort(folder: string): number | null {
  try {
    return Number(readFileSync(fileOf(folder), 'utf8')) || null;
  } catch {
    return null;
  }
}

import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { workspaceRoot, type ServiceProcess } from '@wagehood/fleet';

/** Where the logs of the fleet that was stopped last are to be found. */
export const LOG_FILE = join(workspaceRoot, 'dist/chaos/fleet.ndjson');

/** All that the processes of a fleet have said, in order of time. */
export async function writeLogs(crew: readonly ServiceProcess[]): Promise<void> {
  const lines = crew.flatMap(({ name, pid, lines }) => lines.map((line) => ({ ...line, service: name, pid })));
  const time = (line: object): string => String((line as { timestamp?: unknown }).timestamp ?? '');
  lines.sort((a, b) => (time(a) < time(b) ? -1 : 1));
  await mkdir(join(LOG_FILE, '..'), { recursive: true });
  await writeFile(LOG_FILE, lines.map((line) => `${JSON.stringify(line)}\n`).join(''));
}

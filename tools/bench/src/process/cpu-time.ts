import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { promisify } from 'node:util';

/** /proc counts in ticks of 1/100 s on every Linux that Node runs on. */
const TICK_MS = 10;

/** CPU time that a process and its ended children have used so far, ms. From /proc, elsewhere from `ps`. */
export async function cpuTimeMs(pid: number): Promise<number> {
  if (process.platform === 'linux') return parseStat(await readFile(`/proc/${pid}/stat`, 'utf8'));
  const { stdout } = await promisify(execFile)('ps', ['-o', 'time=', '-p', String(pid)]);
  return parsePsTime(stdout);
}

/** utime + stime + cutime + cstime: fields 14–17, counted from behind the name, which may hold anything. */
export function parseStat(stat: string): number {
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return [11, 12, 13, 14].reduce((sum, at) => sum + Number(fields[at]), 0) * TICK_MS;
}

/** `[[dd-]hh:]mm:ss[.cc]` */
export function parsePsTime(text: string): number {
  const [days, clock] = text.includes('-') ? (text.trim().split('-') as [string, string]) : ['0', text.trim()];
  const seconds = clock.split(':').reduce((sum, part) => sum * 60 + Number(part), 0);
  return (Number(days) * 86_400 + seconds) * 1_000;
}

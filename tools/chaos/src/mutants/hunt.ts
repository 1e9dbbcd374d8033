import { connectRedis, silentLog } from '@wagehood/streams';
import { runSchedule } from '@wagehood/streams/testing';
import { startRedis } from '@wagehood/testing';

/** `hunt <first seed> <schedules>`: a program of its own, because it is built anew for every mutant. Prints what it found. */
async function hunt(first: number, count: number): Promise<void> {
  const redis = await startRedis();
  const link = connectRedis({ url: redis.url, host: '', port: 0 }, { name: 'hunt', log: silentLog });
  let violation: string | null = null;
  let seed = first;
  for (; seed < first + count && !violation; seed++) ({ violation } = await runSchedule(link.commands, seed));
  process.stdout.write(`${JSON.stringify({ violation, schedules: seed - first })}\n`);
  await link.close();
  await redis.stop();
  process.exit(0);
}

void hunt(Number(process.argv[2]), Number(process.argv[3]));

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ServiceSpec } from '../process/service-spec';

/** Small programs that behave, or misbehave, as a service may. */
const PROGRAMS = {
  good: `process.on('SIGTERM', () => { say('stopping'); process.exit(0); });`,
  deaf: `process.on('SIGTERM', () => say('I will not leave'));`,
  stillborn: `say('no Redis for me', 'ERROR'); process.exit(1);`,
} as const;

const PREAMBLE = `
const say = (message, level = 'INFO') => console.log(JSON.stringify({ level, message, service: process.env.NAME }));
process.on('disconnect', () => process.exit(0));
setInterval(() => undefined, 1000);
`;

export interface FakeServices {
  spec(name: string, behaviour: keyof typeof PROGRAMS, stopWave?: number): ServiceSpec;
  remove(): void;
}

/** Writes the programs to a folder of their own and describes them as the runner describes its services. */
export function createFakeServices(): FakeServices {
  const folder = mkdtempSync(join(tmpdir(), 'wagehood-fake-'));
  for (const [behaviour, program] of Object.entries(PROGRAMS)) {
    writeFileSync(join(folder, `${behaviour}.cjs`), `${PREAMBLE}${program}\nsay('ready');\n`);
  }
  return {
    spec: (name, behaviour, stopWave = 0) => ({
      name,
      component: 'CalculationEngine',
      script: join(folder, `${behaviour}.cjs`),
      env: { PATH: process.env['PATH'], NAME: name },
      stopWave,
    }),
    remove: () => rmSync(folder, { recursive: true }),
  };
}

/** Whether a process exists. */
export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

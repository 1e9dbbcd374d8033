/** One wall, a program that breaks it, and a twin that stays on its side. */
export interface WallCase {
  readonly wall: string;
  /** Where the program would stand; nothing is written there. */
  readonly file: string;
  readonly bad: string;
  readonly rule: string;
  readonly good: string;
  /** Where the twin stands, when the place itself is what makes it right. */
  readonly goodFile?: string;
}

const BOUNDARY = '@nx/enforce-module-boundaries';
const IMPORTS = 'no-restricted-imports';
const GLOBALS = 'no-restricted-globals';
const SYNTAX = 'no-restricted-syntax';

const core = 'libs/indicators/src/wall-probe.ts';
const contract = 'libs/contracts/src/wall-probe.ts';
const streams = 'libs/streams/src/wall-probe.ts';
const service = 'libs/service/src/wall-probe.ts';
const extension = 'libs/extensions/src/wall-probe.ts';
const app = 'apps/calculation-worker/src/wall-probe.ts';

const use = (from: string) => `import * as other from '${from}';\nexport const probe = other;\n`;
const value = (expression: string) => `export const probe = (): unknown => ${expression};\n`;

const purity: WallCase[] = [
  ['core has no npm package', use('zod'), IMPORTS, use('@wagehood/market')],
  ['core has no Node module', use('node:fs'), IMPORTS, use('./sibling')],
  ['core has no old-style Node module', use('crypto'), IMPORTS, use('./sibling')],
  ['core has no clock', value('Date.now()'), SYNTAX, value('new Date(0).getTime()')],
  ['core has no clock by another name', value('new Date()'), SYNTAX, value('Date.UTC(2026, 0)')],
  ['core has no clock as a string', value('Date()'), SYNTAX, value('Date.parse("2026-01-01")')],
  ['core has no randomness', value('Math.random()'), SYNTAX, value('Math.sqrt(2)')],
  ['core has no inexact functions', value('Math.exp(1)'), SYNTAX, value('Math.abs(-1)')],
  ['core has no process', value('process.pid'), GLOBALS, value('1')],
  ['core has no back door to globals', value("Reflect.get(globalThis, 'process')"), GLOBALS, value('1')],
  ['core has no timers', value('setTimeout(() => undefined, 1)'), GLOBALS, value('1')],
  ['core has no dynamic import', value("import('./x')"), SYNTAX, value('1')],
].map(([wall, bad, rule, good]) => ({ wall, file: core, bad, rule, good }) as WallCase);

const directions: WallCase[] = [
  {
    wall: 'core does not know platform',
    file: core,
    bad: use('@wagehood/service'),
    rule: BOUNDARY,
    good: use('@wagehood/market'),
  },
  {
    wall: 'core does not know contracts',
    file: core,
    bad: use('@wagehood/contracts'),
    rule: BOUNDARY,
    good: use('@wagehood/market'),
  },
  {
    wall: 'extension does not know platform',
    file: extension,
    bad: use('@wagehood/service'),
    rule: BOUNDARY,
    good: use('@wagehood/indicators'),
  },
  { wall: 'extension is pure', file: extension, bad: value('Math.random()'), rule: SYNTAX, good: value('Math.log(2)') },
  {
    wall: 'contract does not know platform',
    file: contract,
    bad: use('@wagehood/streams'),
    rule: BOUNDARY,
    good: use('@wagehood/market'),
  },
  {
    wall: 'platform does not know core extensions',
    file: streams,
    bad: use('@wagehood/extensions'),
    rule: BOUNDARY,
    good: use('@wagehood/contracts'),
  },
  {
    wall: 'app does not import another app',
    file: app,
    bad: use('../../ingestion/src/main'),
    rule: BOUNDARY,
    good: use('@wagehood/streams'),
  },
  {
    wall: 'nobody reaches around an index',
    file: app,
    bad: use('../../../libs/market/src/symbol'),
    rule: BOUNDARY,
    good: use('@wagehood/market'),
  },
];

const services: WallCase[] = [
  { wall: 'contract does not speak Redis', file: contract, bad: use('ioredis'), rule: IMPORTS, good: use('zod') },
  { wall: 'contract does no I/O', file: contract, bad: use('node:fs'), rule: IMPORTS, good: use('zod') },
  {
    wall: 'contract does not read the environment',
    file: contract,
    bad: value('process.env'),
    rule: GLOBALS,
    good: value('1'),
  },
  {
    wall: 'app does not speak Redis',
    file: app,
    bad: use('ioredis'),
    rule: IMPORTS,
    good: use('ioredis'),
    goodFile: streams,
  },
  { wall: 'service does not speak Redis', file: service, bad: use('ioredis'), rule: IMPORTS, good: use('winston') },
  {
    wall: 'test equipment does not speak Redis',
    file: 'libs/testing/src/wall-probe.ts',
    bad: use('ioredis'),
    rule: IMPORTS,
    good: use('node:net'),
  },
  {
    wall: 'main does not speak Redis',
    file: 'apps/calculation-worker/src/main.ts',
    bad: use('ioredis'),
    rule: IMPORTS,
    good: value('1'),
  },
  ...['process.env.HOME', "process['env']", 'globalThis.process'].map((expression) => ({
    wall: `only main.ts reads the environment: ${expression}`,
    file: app,
    bad: value(expression),
    rule: SYNTAX,
    good: value(expression),
    goodFile: 'apps/calculation-worker/src/main.ts',
  })),
  {
    wall: 'only main.ts reads the environment: destructured',
    file: app,
    bad: 'const { env } = process;\nexport const probe = env;\n',
    rule: SYNTAX,
    good: value('process.pid'),
  },
  {
    wall: 'the environment does not come by import',
    file: app,
    bad: use('node:process'),
    rule: IMPORTS,
    good: use('node:path'),
  },
  {
    wall: 'streams does not read the environment',
    file: streams,
    bad: value('process.env'),
    rule: SYNTAX,
    good: value('process.pid'),
  },
];

const testing: WallCase[] = [app, streams, service, core].flatMap((file) =>
  ['@wagehood/testing', '@wagehood/indicators/testing'].map((lib) => ({
    wall: `${lib} stays out of production code: ${file}`,
    file,
    bad: use(lib),
    rule: IMPORTS,
    // core's own specs may use core's testing door alone; the others may use both
    good: use(file === core ? '@wagehood/market/testing' : lib),
    goodFile: file.replace('.ts', '.spec.ts'),
  })),
);

/** Every wall with a program that must be refused and one that must pass. */
export const wallCases: readonly WallCase[] = [...purity, ...directions, ...services, ...testing];

// The walls between the rooms of this repository. Each is a flat-config fragment that a project's own eslint.config.mjs
// spreads, because globs in a flat config are relative to the file that is loaded. tools/checks feeds each wall bad programs.
const production = { files: ['src/**/*.ts'], ignores: ['src/**/*.spec.ts', 'src/**/*.e2e.ts', 'src/**/testing/**'] };

const specsOnly = {
  regex: '^@wagehood/(testing|[a-z-]+/testing)$',
  message: 'Testing code is for specs, end-to-end tests and tools alone.',
};

const noRedis = { regex: '^ioredis($|/)', message: 'libs/streams is the only importer of ioredis.' };
const noProcessImport = {
  regex: '^(node:)?process$',
  message: 'Use the global; the environment comes through env.ts.',
};

const banImports = (...patterns) => ({ 'no-restricted-imports': ['error', { patterns: [...patterns, specsOnly] }] });

const environment = 'Read the environment through env.ts; only main.ts touches process.env.';
const noEnvironment = {
  'no-restricted-syntax': [
    'error',
    { selector: "MemberExpression[object.name='process'][property.name='env']", message: environment },
    { selector: "MemberExpression[object.name='process'][property.value='env']", message: environment },
    { selector: "VariableDeclarator[init.name='process'] > ObjectPattern", message: environment },
    { selector: "MemberExpression[object.name='globalThis'][property.name='process']", message: environment },
  ],
};

const impureGlobals = [
  'process',
  'globalThis',
  'performance',
  'setTimeout',
  'setInterval',
  'setImmediate',
  'queueMicrotask',
  'fetch',
  'crypto',
  'console',
  'Buffer',
  'require',
];

const impureSyntax = [
  {
    selector: "MemberExpression[object.name='Date']:not([property.name=/^(UTC|parse)$/])",
    message: 'Core has no clock.',
  },
  { selector: "NewExpression[callee.name='Date'][arguments.length=0]", message: 'Core has no clock.' },
  { selector: "CallExpression[callee.name='Date']", message: 'Core has no clock.' },
  {
    selector: "MemberExpression[object.name='Math']:matches([property.name='random'], [property.value='random'])",
    message: 'Core has no randomness.',
  },
  { selector: 'ImportExpression', message: 'Core has no dynamic import.' },
];

// log, exp and their kin may differ in the last bit between engines; core results must not.
const inexactMath = [
  {
    selector:
      "MemberExpression[object.name='Math'][property.name=/^(a?(sin|cos|tan)h?|atan2|exp|expm1|log|log1p|log2|log10|pow|hypot|cbrt)$/]",
    message: 'Core computes with + − × ÷ √ alone: other functions differ between engines.',
  },
];

const pure = (syntax) => [
  {
    ...production,
    rules: {
      ...banImports({
        regex: '^(?!\\.{1,2}/|@wagehood/)',
        message: 'Core imports nothing but core: no npm package, no Node module.',
      }),
      'no-restricted-globals': [
        'error',
        ...impureGlobals.map((name) => ({ name, message: 'Core is pure: results depend on arguments alone.' })),
      ],
      'no-restricted-syntax': ['error', ...syntax],
    },
  },
];

/** Core is exact arithmetic over plain state: no npm package, no Node, no clock, no randomness. */
export const coreWall = pure([...impureSyntax, ...inexactMath]);

/** Extensions are as pure as core; a stranger's own formula may use log and exp. */
export const extensionWall = pure(impureSyntax);

/** Contracts are data: zod and core, no I/O and no environment. */
export const contractWall = [
  {
    ...production,
    rules: {
      ...banImports({
        regex: '^(?!\\.{1,2}/|@wagehood/|zod$)',
        message: 'A contract imports core, contracts and zod alone.',
      }),
      'no-restricted-globals': ['error', { name: 'process', message: 'Take the environment as an argument.' }],
    },
  },
];

/** libs/streams: may speak to Redis, but takes its settings as arguments. */
export const streamsWall = [{ ...production, rules: { ...banImports(noProcessImport), ...noEnvironment } }];

/** Everybody else: nobody speaks to Redis, and outside main.ts nobody reads the environment. */
export const appWall = [
  {
    ...production,
    ignores: [...production.ignores, 'src/main.ts'],
    rules: { ...banImports(noRedis, noProcessImport), ...noEnvironment },
  },
  { files: ['src/main.ts'], rules: banImports(noRedis) },
];

/** Test equipment may read PATH and start processes; it knows no Redis client, only a socket. */
export const testingWall = [
  { files: ['src/**/*.ts'], rules: { 'no-restricted-imports': ['error', { patterns: [noRedis] }] } },
];

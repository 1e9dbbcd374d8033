// The walls between the rooms of this repository. Each is a flat-config fragment that a project's own eslint.config.mjs
// spreads, because globs in a flat config are relative to the file that is loaded. tools/checks feeds each wall bad programs.
const production = { files: ['src/**/*.ts'], ignores: ['src/**/*.spec.ts', 'src/**/*.e2e.ts', 'src/**/testing/**'] };

const specsOnly = {
  regex: '^@wagehood/(testing|[a-z-]+/testing)$',
  message: 'Testing code is for specs, end-to-end tests and tools alone.',
};

const banImports = (patterns) => ({ 'no-restricted-imports': ['error', { patterns: [...patterns, specsOnly] }] });

/** Core is arithmetic over plain state: no npm package, no Node, no clock, no randomness. */
export const coreWall = [
  {
    ...production,
    rules: {
      ...banImports([
        {
          regex: '^(?!\\.{1,2}/|@wagehood/)',
          message: 'Core imports nothing but core: no npm package, no Node module.',
        },
      ]),
      'no-restricted-globals': [
        'error',
        ...[
          'process',
          'performance',
          'setTimeout',
          'setInterval',
          'setImmediate',
          'fetch',
          'crypto',
          'console',
          'Buffer',
          'require',
        ].map((name) => ({ name, message: 'Core is pure: results depend on arguments alone.' })),
      ],
      'no-restricted-syntax': [
        'error',
        { selector: "MemberExpression[object.name='Date'][property.name='now']", message: 'Core has no clock.' },
        { selector: "NewExpression[callee.name='Date'][arguments.length=0]", message: 'Core has no clock.' },
        {
          selector: "MemberExpression[object.name='Math'][property.name='random']",
          message: 'Core has no randomness.',
        },
        { selector: 'ImportExpression', message: 'Core has no dynamic import.' },
      ],
    },
  },
];

/** Contracts are data: zod and core, no I/O and no environment. */
export const contractWall = [
  {
    ...production,
    rules: {
      ...banImports([
        { regex: '^(?!\\.{1,2}/|@wagehood/|zod$)', message: 'A contract imports core, contracts and zod alone.' },
      ]),
      'no-restricted-globals': ['error', { name: 'process', message: 'Take the environment as an argument.' }],
    },
  },
];

/** Outside libs/streams nobody speaks to Redis; outside main.ts nobody reads the environment. */
export const appWall = [
  {
    ...production,
    ignores: [...production.ignores, 'src/main.ts'],
    rules: {
      ...banImports([{ regex: '^ioredis($|/)', message: 'libs/streams is the only importer of ioredis.' }]),
      'no-restricted-syntax': [
        'error',
        {
          selector: "MemberExpression[object.name='process'][property.name='env']",
          message: 'Read the environment through env.ts; only main.ts touches process.env.',
        },
      ],
    },
  },
];

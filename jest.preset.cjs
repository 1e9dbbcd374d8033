const { readFileSync } = require('node:fs');
const { join } = require('node:path');
const { paths } = JSON.parse(readFileSync(join(__dirname, 'tsconfig.base.json'), 'utf8')).compilerOptions;

// Packages without a CommonJS build: the Kubernetes client and what it imports.
const esmOnly = [
  '@kubernetes/client-node',
  'openid-client',
  'oauth4webapi',
  'jose',
  'js-yaml',
  'argparse',
  'socks-proxy-agent',
  'agent-base',
];

module.exports = {
  testEnvironment: 'node',
  // More than `until` waits by default, so that it is `until` that says what did not come.
  testTimeout: 30_000,
  testMatch: ['<rootDir>/src/**/*.spec.ts'],
  moduleFileExtensions: ['ts', 'js', 'mjs', 'cjs', 'json'],
  moduleNameMapper: Object.fromEntries(Object.entries(paths).map(([k, [v]]) => [`^${k}$`, join(__dirname, v)])),
  reporters: ['default', join(__dirname, 'tools/jest/result-reporter.cjs')],
  transform: {
    '\\.lua$': join(__dirname, 'tools/jest/text-transform.cjs'),
    '^.+\\.[cm]?[jt]s$': [
      '@swc/jest',
      {
        swcrc: false,
        jsc: { target: 'es2022', parser: { syntax: 'typescript' } },
        module: { type: 'commonjs' },
        sourceMaps: 'inline',
      },
    ],
  },
  transformIgnorePatterns: [`/node_modules/(?!(${esmOnly.join('|')})/)`],
};

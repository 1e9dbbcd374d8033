const { join } = require('node:path');
const { reporters, ...preset } = require('../../jest.preset.cjs');

const journeys = {
  ...preset,
  displayName: 'pipeline-e2e',
  rootDir: __dirname,
};

module.exports = {
  reporters,
  // Real processes on a machine that others use too; every wait inside has a limit of its own.
  testTimeout: 240_000,
  projects: [
    // They mostly wait for a lease to end or for a process to come: two of them share the machine.
    { ...journeys, testPathIgnorePatterns: ['/src/under-load/'] },
    // Bars come as quickly as they can be checked; what is slower falls behind the more, the longer it runs.
    {
      ...journeys,
      testPathIgnorePatterns: ['/src/[^/]+$'],
      runner: join(__dirname, '../../tools/jest/serial-runner.cjs'),
    },
  ],
};

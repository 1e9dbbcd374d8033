module.exports = {
  ...require('../../jest.preset.cjs'),
  displayName: 'pipeline-e2e',
  rootDir: __dirname,
  // Real processes on a machine that others use too; every wait inside has a limit of its own.
  testTimeout: 240_000,
};

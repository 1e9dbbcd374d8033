module.exports = { ...require('../../jest.preset.cjs'), displayName: 'cluster-e2e', rootDir: __dirname };

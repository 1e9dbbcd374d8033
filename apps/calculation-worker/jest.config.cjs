module.exports = { ...require('../../jest.preset.cjs'), displayName: 'calculation-worker', rootDir: __dirname };

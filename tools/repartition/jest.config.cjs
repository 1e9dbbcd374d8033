module.exports = { ...require('../../jest.preset.cjs'), displayName: 'repartition', rootDir: __dirname };

module.exports = { ...require('../../jest.preset.cjs'), displayName: 'fleet', rootDir: __dirname };

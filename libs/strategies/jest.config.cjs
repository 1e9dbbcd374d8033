module.exports = { ...require('../../jest.preset.cjs'), displayName: 'strategies', rootDir: __dirname };

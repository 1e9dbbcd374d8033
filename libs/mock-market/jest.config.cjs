module.exports = { ...require('../../jest.preset.cjs'), displayName: 'mock-market', rootDir: __dirname };

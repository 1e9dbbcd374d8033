module.exports = { ...require('../../jest.preset.cjs'), displayName: 'extensions', rootDir: __dirname };

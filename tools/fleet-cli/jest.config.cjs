module.exports = { ...require('../../jest.preset.cjs'), displayName: 'fleet-cli', rootDir: __dirname };

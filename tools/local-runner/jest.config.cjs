module.exports = { ...require('../../jest.preset.cjs'), displayName: 'local-runner', rootDir: __dirname };

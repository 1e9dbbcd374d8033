module.exports = { ...require('../../jest.preset.cjs'), displayName: 'strategy-evaluator', rootDir: __dirname };

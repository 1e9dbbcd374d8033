import base from '../../eslint.config.mjs';

// Test equipment may read PATH and start processes; it knows no Redis client, only a socket.
export default [
  ...base,
  {
    files: ['src/**/*.ts'],
    rules: {
      'no-restricted-imports': [
        'error',
        { patterns: [{ regex: '^ioredis($|/)', message: 'libs/streams is the only importer of ioredis.' }] },
      ],
    },
  },
];

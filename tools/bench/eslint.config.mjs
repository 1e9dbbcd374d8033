import base from '../../eslint.config.mjs';
import { appWall } from '../../tools/eslint/walls.mjs';

// A tool may borrow the private Redis of @wagehood/testing; everything else of the wall stands.
const borrowsRedis = {
  files: ['src/process/private-redis.ts'],
  rules: {
    'no-restricted-imports': [
      'error',
      { patterns: [{ regex: '^ioredis($|/)', message: 'libs/streams is the only importer of ioredis.' }] },
    ],
  },
};

export default [...base, ...appWall, borrowsRedis];

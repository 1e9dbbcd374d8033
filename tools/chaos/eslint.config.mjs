import base from '../../eslint.config.mjs';
import { testingWall } from '../../tools/eslint/walls.mjs';

export default [...base, ...testingWall];

import base from '../../eslint.config.mjs';
import { contractWall } from '../../tools/eslint/walls.mjs';

export default [...base, ...contractWall];

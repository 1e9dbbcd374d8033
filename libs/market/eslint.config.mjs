import base from '../../eslint.config.mjs';
import { coreWall } from '../../tools/eslint/walls.mjs';

export default [...base, ...coreWall];

import base from '../../eslint.config.mjs';
import { extensionWall } from '../../tools/eslint/walls.mjs';

export default [...base, ...extensionWall];

import base from '../../eslint.config.mjs';
import { appWall } from '../../tools/eslint/walls.mjs';

export default [...base, ...appWall];

import base from '../../eslint.config.mjs';
import { streamsWall } from '../../tools/eslint/walls.mjs';

export default [...base, ...streamsWall];

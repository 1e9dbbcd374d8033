// `npm run bench -- [flags]`
import { runTool } from './setup/run-tool.mjs';

await runTool('bench', process.argv.slice(2), { withServices: true, nodeFlags: ['--expose-gc'] });

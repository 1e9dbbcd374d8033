// `npm run chaos -- [flags]`
import { runTool } from './setup/run-tool.mjs';

await runTool('chaos', process.argv.slice(2), { withServices: true });

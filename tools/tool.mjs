// `node tools/tool.mjs NAME [flags]`: a tool of this folder that needs nothing else.
import { runTool } from './setup/run-tool.mjs';

const [name, ...words] = process.argv.slice(2);
await runTool(name, words);

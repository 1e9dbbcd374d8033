// `npm run images -- [flags]`: an image per service, with the engine that is there.
import { ensureDependencies } from './setup/dependencies.mjs';
import { requireNode } from './setup/node-version.mjs';
import { runTool } from './setup/run-tool.mjs';

requireNode();
await ensureDependencies();
await runTool('images');

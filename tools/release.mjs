// `npm run release -- [flags]`: version, changelog, commit and tag.
import { ensureDependencies } from './setup/dependencies.mjs';
import { requireNode } from './setup/node-version.mjs';
import { runTool } from './setup/run-tool.mjs';

requireNode();
await ensureDependencies();
await runTool('release');

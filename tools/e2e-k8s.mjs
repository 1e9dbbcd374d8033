// `npm run e2e:k8s -- [flags]`: installs an overlay into the cluster of KUBECONFIG, moves everything, proves that nothing is lost.
import { ensureDependencies } from './setup/dependencies.mjs';
import { requireNode } from './setup/node-version.mjs';
import { runTool } from './setup/run-tool.mjs';

requireNode();
await ensureDependencies();
await runTool('cluster-e2e');

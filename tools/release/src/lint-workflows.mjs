// Reads {file: text} as JSON and answers {file: [fault, …]}: what GitHub's own parser makes of workflows. A process of its own, and bundled,
// since Node alone does not load the parser.
import { buildSync } from 'esbuild';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';

const { outputFiles } = buildSync({
  stdin: {
    contents: "export { parseWorkflow, NoOperationTraceWriter } from '@actions/workflow-parser';",
    resolveDir: process.cwd(),
  },
  bundle: true,
  platform: 'node',
  format: 'cjs',
  write: false,
  logLevel: 'error',
});
const module = { exports: {} };
new Function('module', 'exports', 'require', outputFiles[0].text)(
  module,
  module.exports,
  createRequire(import.meta.url),
);
const { parseWorkflow, NoOperationTraceWriter } = module.exports;

const faultsOf = (name, content) =>
  parseWorkflow({ name, content }, new NoOperationTraceWriter())
    .context.errors.getErrors()
    .map(({ message }) => message);
const files = Object.entries(JSON.parse(readFileSync(0, 'utf8')));
process.stdout.write(JSON.stringify(Object.fromEntries(files.map(([name, text]) => [name, faultsOf(name, text)]))));

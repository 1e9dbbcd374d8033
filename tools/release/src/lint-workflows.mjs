// Reads {file: text} as JSON and answers {file: [fault, …]}: what GitHub's own parser makes of workflows. A process of its own, and bundled,
// since Node alone does not load the parser.
import { readFileSync } from 'node:fs';
import { loadBundled } from '../../setup/load-bundled.mjs';

const { parseWorkflow, NoOperationTraceWriter } = loadBundled(
  "export { parseWorkflow, NoOperationTraceWriter } from '@actions/workflow-parser';",
);

const faultsOf = (name, content) =>
  parseWorkflow({ name, content }, new NoOperationTraceWriter())
    .context.errors.getErrors()
    .map(({ message }) => message);
const files = Object.entries(JSON.parse(readFileSync(0, 'utf8')));
process.stdout.write(JSON.stringify(Object.fromEntries(files.map(([name, text]) => [name, faultsOf(name, text)]))));

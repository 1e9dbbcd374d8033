const { mkdirSync, writeFileSync } = require('node:fs');
const { join, relative } = require('node:path');
const { stripVTControlCharacters } = require('node:util');

const root = join(__dirname, '../..');
/** Of each failure's message: the difference, and the place. */
const MESSAGE_LINES = 40;

/**
 * Writes the counts of one run and what failed in it to dist/test-results/$JEST_RESULT.json, from which `npm test` makes its
 * closing lines.
 */
module.exports = class ResultReporter {
  onRunComplete(_contexts, r) {
    const name = process.env.JEST_RESULT;
    if (!name) return;
    const dir = join(root, 'dist/test-results');
    mkdirSync(dir, { recursive: true });
    const failed = r.numFailedTests + r.numRuntimeErrorTestSuites;
    const skipped = r.numPendingTests + r.numTodoTests;
    const failures = r.testResults.flatMap(failuresOf);
    writeFileSync(join(dir, `${name}.json`), JSON.stringify({ passed: r.numPassedTests, failed, skipped, failures }));
  }
};

/** Failed tests of a file, or the file itself when it could not be run. */
function failuresOf({ testFilePath, testResults, testExecError, failureMessage }) {
  const file = relative(root, testFilePath);
  if (testExecError) return [{ file, test: null, message: shorten(failureMessage ?? String(testExecError.message)) }];
  return testResults
    .filter(({ status }) => status === 'failed')
    .map(({ fullName, failureMessages }) => ({ file, test: fullName, message: shorten(failureMessages.join('\n')) }));
}

function shorten(text) {
  const lines = stripVTControlCharacters(text).split('\n');
  const ours = lines.filter((line) => !/^ *at .*node_modules/.test(line));
  return ours.slice(0, MESSAGE_LINES).join('\n');
}

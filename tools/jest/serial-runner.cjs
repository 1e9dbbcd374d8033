const { default: TestRunner } = require('jest-runner');

/** For tests that need the machine to themselves: one file after the other, and nothing beside them, however many workers Jest has. */
module.exports = class SerialRunner extends TestRunner {
  isSerial = true;
};

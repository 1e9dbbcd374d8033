import { processTerminal, runCommand } from '@wagehood/command';
import { deadLetters } from './dead-letters';

void runCommand(deadLetters, process.argv.slice(2), process.env, processTerminal).then(
  (code) => (process.exitCode = code),
);

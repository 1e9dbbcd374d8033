import { runDeadLetters } from './run-dead-letters';

void runDeadLetters(process.argv.slice(2), process.env, {
  out: (line) => void process.stdout.write(`${line}\n`),
  err: (line) => void process.stderr.write(`${line}\n`),
}).then((code) => (process.exitCode = code));

import { processTerminal, runCommand } from '@wagehood/command';
import { fleet } from './fleet';

void runCommand(fleet, process.argv.slice(2), process.env, processTerminal).then((code) => (process.exitCode = code));

import { runLocally } from './run-locally';

void runLocally(process.argv.slice(2), process.env);

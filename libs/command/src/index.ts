export { apiKeyEnv, askApi, parseApi, type ApiAccess, type Question } from './ask-api';
export { columns } from './columns';
export { readEnvironment, runCommand, type CommandDefinition } from './run-command';
export { processTerminal, type Terminal } from './terminal';

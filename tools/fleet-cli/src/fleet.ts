import { readEnvironment, type CommandDefinition } from '@wagehood/command';
import { connectCluster } from '@wagehood/inventory';
import { describeTarget } from '@wagehood/streams';
import { parseCommand, USAGE, type Command, type Target } from './command';
import { fleetEnv } from './env';
import { askFleet, askRedis } from './members';
import { scale } from './scale';
import { status } from './status';

/** A person waits. */
const SILENCE_MS = 10_000;

export const fleet: CommandDefinition<Command> = {
  name: 'fleet',
  usage: USAGE,
  parse: parseCommand,
  async run(command, environment) {
    const connect = connectionTo(command.target);
    if (command.verb === 'scale') return [await scale(connect, command.service, command.replicas)];
    const { redis, api } = readEnvironment(fleetEnv, environment);
    const { api: base } = command;
    if (base === null) {
      return status({ connect, members: () => askRedis(redis), source: `Redis at ${describeTarget(redis)}` });
    }
    return status({ connect, members: () => askFleet({ base, key: api.key }), source: `the api at ${base}` });
  },
};

const connectionTo =
  ({ kubeconfig, context, namespace }: Target) =>
  () =>
    connectCluster(
      {
        type: 'kubeconfig',
        ...(kubeconfig === undefined ? {} : { file: kubeconfig }),
        ...(context === undefined ? {} : { context }),
        ...(namespace === undefined ? {} : { namespace }),
      },
      { silenceMs: SILENCE_MS },
    );

import { isRetriable, redisFault } from './errors';

describe('redisFault', () => {
  it.each([
    ['NOSCRIPT No matching script. Please use EVAL.', 'script-missing'],
    ["NOGROUP No such key 'x' or consumer group", 'group-gone'],
    ['UNBLOCKED the stream key no longer exists', 'group-gone'],
    ['WRONGPASS invalid username-password pair or user is disabled.', 'denied'],
    ['NOAUTH Authentication required.', 'denied'],
    ["ERR The user executing the script can't run this command or subcommand script: …", 'denied'],
    ["OOM command not allowed when used memory > 'maxmemory'.", 'full'],
    ['connect ECONNREFUSED 127.0.0.1:6379', 'unavailable'],
    ['Command timed out', 'unavailable'],
    ['LOADING Redis is loading the dataset in memory', 'unavailable'],
    // Inside a script the error does not start with READONLY.
    ["ERR Error running script: -READONLY You can't write against a read only replica.", 'unavailable'],
    // What a cluster says while it moves slots or promotes replicas.
    ['CLUSTERDOWN The cluster is down', 'unavailable'],
    ['TRYAGAIN Multiple keys request during rehashing of slot', 'unavailable'],
    ['Too many Cluster redirections. Last error: Error: Connection is closed.', 'unavailable'],
    ['MOVED 3999 127.0.0.1:6381', 'unavailable'],
    ['NOREPLICAS Not enough good replicas to write.', 'unavailable'],
    // Those would never go away by themselves.
    ["CROSSSLOT Keys in request don't hash to the same slot", 'other'],
    ['ERR value is not an integer or out of range', 'other'],
  ])('%s → %s', (message, fault) => {
    expect(redisFault(new Error(message))).toBe(fault);
  });

  it('lets an idempotent command be sent again only when that can help', () => {
    expect(isRetriable(new Error('Command timed out'))).toBe(true);
    expect(isRetriable(new Error('ERR wrong number of arguments'))).toBe(false);
  });
});

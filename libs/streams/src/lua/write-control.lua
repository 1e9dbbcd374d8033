#!lua flags=allow-oom
-- Guarantee: the configuration document moves by compare-and-set on its version, and every version is announced once.
-- KEYS  1 control document (hash: version, document)  2 control stream
-- ARGV  1 expected version  2 document  3 its version, later than the expected one
-- returns {1, version} if written, {0, version} if somebody was faster
local version = tonumber(redis.call('HGET', KEYS[1], 'version') or 0)
if version ~= tonumber(ARGV[1]) then return { 0, version } end
redis.call('HSET', KEYS[1], 'version', ARGV[3], 'document', ARGV[2])
redis.call('XADD', KEYS[2], 'MAXLEN', '~', 100, ARGV[3] .. '-0', 'version', ARGV[3])
return { 1, tonumber(ARGV[3]) }

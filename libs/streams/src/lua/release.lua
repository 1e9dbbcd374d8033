#!lua flags=allow-oom
-- Guarantee: only the owner gives a partition away, and giving it away clears its record of deaths.
-- KEYS  1 stage
-- ARGV  1 epoch  2 me
-- returns 1 if released, 0 if it was no longer ours
local h = redis.call('HMGET', KEYS[1], 'epoch', 'owner')
if h[1] ~= ARGV[1] or h[2] ~= ARGV[2] then return 0 end
redis.call('HSET', KEYS[1], 'owner', '', 'att', 0)
redis.call('HDEL', KEYS[1], 'probe')
return 1

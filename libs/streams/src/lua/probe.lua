#!lua flags=allow-oom
-- Guarantee: before a suspect item is touched, its index is on record; whoever finds the record knows what its owner had in hand.
-- KEYS  1 stage
-- ARGV  1 epoch  2 me  3 probe: '<offset>:<index>=<deaths>,…:<index in hand>'
-- returns 1 if recorded, 0 if the partition is no longer ours
local h = redis.call('HMGET', KEYS[1], 'epoch', 'owner')
if h[1] ~= ARGV[1] or h[2] ~= ARGV[2] then return 0 end
redis.call('HSET', KEYS[1], 'probe', ARGV[3])
return 1

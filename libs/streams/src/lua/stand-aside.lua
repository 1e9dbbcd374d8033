#!lua flags=allow-oom
-- Guarantee: a stage that is switched off holds the one before it back no longer; whoever takes it up again begins at the present.
--            Never while somebody owns it: an owner works.
-- KEYS  1 stage
-- ARGV  1 owner that was seen, and seen to be dead; '' for none
-- returns 1 if the stage stands aside, 0 if it has another owner
local owner = redis.call('HGET', KEYS[1], 'owner') or ''
if owner ~= ARGV[1] then return 0 end
redis.call('HSET', KEYS[1], 'idle', 1)
return 1

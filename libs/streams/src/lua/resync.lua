#!lua flags=allow-oom
-- Guarantee: the group's cursor is put back to what is committed, and only by the owner. Undoes stolen or lost deliveries.
-- KEYS  1 stage  2 in
-- ARGV  1 epoch  2 me  3 group
-- returns {'OK', off} | {'FENCED'}
local h = redis.call('HMGET', KEYS[1], 'epoch', 'owner', 'off')
if h[1] ~= ARGV[1] or h[2] ~= ARGV[2] then return { 'FENCED' } end
local off = tonumber(h[3] or 0)
if redis.call('EXISTS', KEYS[2]) == 1 then redis.call('XGROUP', 'DESTROY', KEYS[2], ARGV[3]) end
redis.call('XGROUP', 'CREATE', KEYS[2], ARGV[3], off .. '-0', 'MKSTREAM', 'ENTRIESREAD', off)
return { 'OK', off }

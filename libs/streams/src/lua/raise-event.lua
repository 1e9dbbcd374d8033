#!lua flags=allow-oom
-- Guarantee: what somebody sees of the system is told once for as long as anybody goes on seeing it: one step notes that it is on
--            and appends it to signal_stream (dense ids, whoever owns the strategy stage commits on behind it).
-- KEYS  1 stage strategy  2 signal_stream  3 its tokens  4 conditions (sorted set: condition -> ms of the last sight)
-- ARGV  1 condition  2 system event as JSON  3 ms without a sight after which it is over
-- returns 1 if told, 0 if it was on already, -1 if the stage has not begun in this partition
local h = redis.call('HMGET', KEYS[1], 'epoch', 'out', 'outBars')
if not h[1] then return -1 end
-- no write above this line
local time = redis.call('TIME')
local ms = time[1] * 1000 + math.floor(time[2] / 1000)
redis.call('ZREMRANGEBYSCORE', KEYS[4], '-inf', ms - tonumber(ARGV[3]))
if redis.call('ZADD', KEYS[4], ms, ARGV[1]) == 0 then return 0 end
local micros = string.format('%.0f', time[1] * 1000000 + time[2])
local out = tonumber(h[2] or 0) + 1
redis.call('XADD', KEYS[2], out .. '-0', 'kind', 'system', 'data', '[' .. ARGV[2] .. ']', 'token', micros, 'bars', h[3] or 0)
redis.call('RPUSH', KEYS[3], micros)
redis.call('HSET', KEYS[1], 'out', out)
return 1

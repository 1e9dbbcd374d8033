#!lua flags=allow-oom
-- Guarantee: membership is judged by one clock, the server's; a member is live until its deadline.
-- KEYS  1 members:{stage}   sorted set: process id -> deadline, ms; negative: it is leaving
-- ARGV  1 me  2 ttl ms
-- returns {known = 1 if my own entry was there before, live member ids by deadline, those that are leaving}
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
local ttl = tonumber(ARGV[2])
local known = redis.call('ZSCORE', KEYS[1], ARGV[1]) and 1 or 0
redis.call('ZADD', KEYS[1], now + ttl, ARGV[1])
redis.call('ZREMRANGEBYSCORE', KEYS[1], 10 * ttl - now, now - 10 * ttl)
local leaving = redis.call('ZRANGEBYSCORE', KEYS[1], '-inf', '(' .. -now)
return { known, redis.call('ZRANGEBYSCORE', KEYS[1], '(' .. now, '+inf'), leaving }

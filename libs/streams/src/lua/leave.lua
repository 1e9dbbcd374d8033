#!lua flags=allow-oom
-- Guarantee: who leaves is given nothing any more, and until its deadline nobody takes by force what it has not let go of yet.
-- KEYS  1 members:{stage}   sorted set: process id -> deadline, ms; negative: it is leaving
-- ARGV  1 me  2 ttl ms
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
return redis.call('ZADD', KEYS[1], -(now + tonumber(ARGV[2])), ARGV[1])

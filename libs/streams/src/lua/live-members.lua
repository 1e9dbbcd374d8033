#!lua flags=no-writes
-- Guarantee: who asks without being a member judges by the same clock as members do, that of the server with the key.
-- KEYS  1 members:{stage}   sorted set: process id -> deadline, ms; negative: it is leaving
-- returns live member ids by deadline
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
return redis.call('ZRANGEBYSCORE', KEYS[1], '(' .. now, '+inf')

#!lua flags=allow-oom
-- Guarantee: the number of partitions is decided once in the life of a Redis.
-- KEYS  1 partitions
-- ARGV  1 wanted
-- returns the number that holds
redis.call('SETNX', KEYS[1], ARGV[1])
return redis.call('GET', KEYS[1])

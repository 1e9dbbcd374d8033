#!lua flags=allow-oom
-- Guarantee: the record of how many partitions there are moves by compare-and-set; a call that was sent twice finds its own work.
-- KEYS  1 partitions
-- ARGV  1 expected  2 next
-- returns what holds now: next if moved
local now = redis.call('GET', KEYS[1])
if now == ARGV[1] then
  redis.call('SET', KEYS[1], ARGV[2])
  return ARGV[2]
end
return now or ''

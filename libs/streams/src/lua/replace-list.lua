#!lua
-- Guarantee: a list holds exactly these elements, however often the call is sent.
-- KEYS  1 list
-- ARGV  elements, first to last
redis.call('DEL', KEYS[1])
for i = 1, #ARGV, 1000 do
  redis.call('RPUSH', KEYS[1], unpack(ARGV, i, math.min(i + 999, #ARGV)))
end
return #ARGV

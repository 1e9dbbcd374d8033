#!lua flags=allow-oom
-- Guarantee: what became of an alert is told once, in one step: in alert_stream (dense ids, whoever owns the partition commits
--            on behind it), among the newest alerts, and in the list of what was not delivered.
-- KEYS  1 stage alerting  2 alert_stream  3 tokens of it  4 newest alerts (list)  5 what was told (sorted set: word -> ms)
--       6 undelivered (hash: alert id -> alert)  7 undelivered by time (sorted set: alert id -> ms)
-- ARGV  1 word: what is told, about which alert  2 alert id  3 status  4 alert as JSON  5 entries kept of the stream
--       6 newest alerts kept  7 words and undelivered alerts kept
-- returns 1 if told, 0 if it was told before, -1 if the stage has not begun in this partition
local h = redis.call('HMGET', KEYS[1], 'epoch', 'out', 'outBars')
if not h[1] then return -1 end
if redis.call('ZSCORE', KEYS[5], ARGV[1]) then return 0 end
-- no write above this line
local time = redis.call('TIME')
local micros = string.format('%.0f', time[1] * 1000000 + time[2])
local ms = time[1] * 1000 + math.floor(time[2] / 1000)
local out, bars = tonumber(h[2] or 0) + 1, tonumber(h[3] or 0) + 1
redis.call('XADD', KEYS[2], out .. '-0', 'kind', 'alert', 'data', '[' .. ARGV[4] .. ']', 'token', micros, 'bars', bars)
redis.call('RPUSH', KEYS[3], micros)
redis.call('XTRIM', KEYS[2], 'MAXLEN', '~', ARGV[5])
redis.call('LTRIM', KEYS[3], -tonumber(ARGV[5]), -1)
redis.call('HSET', KEYS[1], 'out', out, 'outBars', bars)
redis.call('RPUSH', KEYS[4], ARGV[4])
redis.call('LTRIM', KEYS[4], -tonumber(ARGV[6]), -1)
redis.call('ZADD', KEYS[5], ms, ARGV[1])
redis.call('ZREMRANGEBYRANK', KEYS[5], 0, -tonumber(ARGV[7]) - 1)
if ARGV[3] == 'failed' then
  redis.call('HSET', KEYS[6], ARGV[2], ARGV[4])
  redis.call('ZADD', KEYS[7], ms, ARGV[2])
  for _, old in ipairs(redis.call('ZRANGE', KEYS[7], 0, -tonumber(ARGV[7]) - 1)) do
    redis.call('HDEL', KEYS[6], old)
    redis.call('ZREM', KEYS[7], old)
  end
elseif ARGV[3] == 'delivered' then
  redis.call('HDEL', KEYS[6], ARGV[2])
  redis.call('ZREM', KEYS[7], ARGV[2])
end
return 1

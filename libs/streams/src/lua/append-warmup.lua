#!lua
-- Guarantee: past bars of a series enter the log where the series stands and nowhere else: they end with the last bar that the
-- log has accepted, under the configuration that is in force there, and once under each configuration. `last` stays as it is.
-- No allow-oom flag on purpose, as in APPEND.
-- KEYS  1 in: market_data_stream:{t}  2 last: its hash  3 its tokens  4… stage hashes that read it
-- ARGV  1 limit, bars  2 version of the configuration  3 data ('': append nothing, only note that the series are warm)
--       4 bars in the data  5 series and time of the last bar that is carried for it, …, as one JSON array
-- returns {'OK', offset, token} (offset 0, token '' when nothing was to be appended) | {'DUP'}   a series is warm already
--       | {'STALE', version in force} | {'MOVED', last accepted time, -1: none} | {'BACKPRESSURE', bars ahead}
local carried = cjson.decode(ARGV[5])
local head = redis.call('HMGET', KEYS[2], '#', '#bars', '#control')
local tail, bars, appends = tonumber(head[1] or 0), tonumber(head[2] or 0), ARGV[3] ~= ''
if head[3] ~= ARGV[2] then return { 'STALE', head[3] or '0' } end
for i = 1, appends and #carried or 0, 2 do
  local series = redis.call('HMGET', KEYS[2], '#warm|' .. carried[i], carried[i])
  if series[1] == ARGV[2] then return { 'DUP' } end
  if tonumber(series[2] or -1) ~= carried[i + 1] then return { 'MOVED', series[2] or '-1' } end
end
for i = 4, appends and #KEYS or 0 do
  local ahead = bars - tonumber(redis.call('HGET', KEYS[i], 'snapBars') or 0)
  if ahead > tonumber(ARGV[1]) then return { 'BACKPRESSURE', ahead } end
end
-- no write above this line
local update, token = {}, ''
for i = 1, #carried, 2 do
  update[#update + 1] = '#warm|' .. carried[i]
  update[#update + 1] = ARGV[2]
end
if appends then
  local now = redis.call('TIME')
  token = string.format('%.0f', now[1] * 1000000 + now[2])
  tail, bars = tail + 1, bars + tonumber(ARGV[4])
  redis.call('XADD', KEYS[1], tail .. '-0', 'kind', 'warmup', 'data', ARGV[3], 'token', token, 'bars', bars)
  redis.call('RPUSH', KEYS[3], token)
  update[#update + 1], update[#update + 2] = '#', tail
  update[#update + 1], update[#update + 2] = '#bars', bars
end
redis.call('HSET', KEYS[2], unpack(update))
return { 'OK', appends and tail or 0, token }

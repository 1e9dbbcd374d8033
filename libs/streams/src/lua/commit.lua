#!lua flags=allow-oom
-- Guarantee: input progress, outputs, values, history and state move together or not at all, once, by the owner alone.
-- KEYS  1 stage  2 in  3 out  4 latest  5 state  6 dead letters  7 history index  8 tokens of in  9 hash with the tail of in
--       10 tokens of out  11… readers of out, history chunks, lists
-- ARGV  1 epoch  2 me  3 prev  4 last  5 token of last  6 bars at last  7 group  8 limit of out, bars  9 snap  10 snapBars
--       11 trim in before (0 = no)  12 keep at most this many entries of out where no reader trims it
--       13 readers  14 outs  15 hidden  16 latest  17 states  18 dead  19 chunks  20 index  21 dropped chunks  22 lists
--       23 number of this commit: one more than the last one's; tells a re-sent save from a new one  24 field of the tail in KEYS[9]
--       25 token of the first bar behind what is committed: it goes with the outs, however many stages they pass
--       26 1 if the readers are switched off: they hold nothing back, and are told so (idle), for they may miss what is trimmed
--       27 first entry of out to keep where no reader trims it (0 = whichever)
--       then outs (kind, data, bars)… hidden (field)… latest (field, json)… states (field, bytes)… dead (json)…
--       chunks (bytes)… index (field, json)… lists (keep, count, json…)…   dropped chunks are keys only
-- returns {'OK', out, server µs} | {'FENCED'} | {'DUP', out} | {'STALE', off} | {'ROLLBACK'} | {'BACKPRESSURE', bars ahead}
local function int(i) return tonumber(ARGV[i]) end
local h = redis.call('HMGET', KEYS[1], 'epoch', 'owner', 'off', 'out', 'outBars', 'seq')
if h[1] ~= ARGV[1] or h[2] ~= ARGV[2] then return { 'FENCED' } end
local off, out, outBars, prev, last = tonumber(h[3]), tonumber(h[4]), tonumber(h[5]), int(3), int(4)
local seq = tonumber(h[6] or 0)
if off == last and seq == int(23) then return { 'DUP', out } end
if off ~= prev or seq + 1 ~= int(23) then return { 'STALE', off } end
-- The entry itself is looked at only where its token is not listed: every byte that a script reads costs.
local tail = tonumber(redis.call('HGET', KEYS[9], ARGV[24]) or 0)
if last > prev then
  local token = last <= tail and redis.call('LINDEX', KEYS[8], last - tail - 1)
  if not token then
    local entry = redis.call('XRANGE', KEYS[2], last .. '-0', last .. '-0')[1]
    token = entry and entry[2][6]
  end
  if token ~= ARGV[5] then return { 'ROLLBACK' } end
end
local held = false -- by a reader that is at work
for i = 11, 10 + (int(14) > 0 and int(26) == 0 and int(13) or 0) do
  local reader = redis.call('HMGET', KEYS[i], 'snapBars', 'idle')
  local ahead = outBars - tonumber(reader[1] or 0)
  if not reader[2] and ahead > int(8) then return { 'BACKPRESSURE', ahead } end
  held = held or not reader[2]
end
-- no write above this line
local time = redis.call('TIME')
local now = string.format('%.0f', time[1] * 1000000 + time[2])
local at, key = 28, 11 + int(13)
for _ = 1, int(14) do
  out, outBars = out + 1, outBars + int(at + 2)
  redis.call('XADD', KEYS[3], out .. '-0', 'kind', ARGV[at], 'data', ARGV[at + 1], 'token', now, 'bars', outBars, 'origin', ARGV[25])
  redis.call('RPUSH', KEYS[10], now)
  at = at + 3
end
local function each(count, width, call) -- in slices, because unpack has a limit
  local stop = at + count * width
  while at < stop do
    local upto = math.min(at + 1000, stop)
    call(unpack(ARGV, at, upto - 1))
    at = upto
  end
end
each(int(15), 1, function(...) redis.call('HDEL', KEYS[4], ...) end)
each(int(16), 2, function(...) redis.call('HSET', KEYS[4], ...) end)
each(int(17), 2, function(...) redis.call('HSET', KEYS[5], ...) end)
each(int(18), 1, function(...)
  for _, letter in ipairs({ ... }) do redis.call('XADD', KEYS[6], 'MAXLEN', '~', 10000, '*', 'data', letter) end
end)
for _ = 1, int(19) do redis.call('APPEND', KEYS[key], ARGV[at]) at, key = at + 1, key + 1 end
each(int(20), 2, function(...) redis.call('HSET', KEYS[7], ...) end)
for _ = 1, int(21) do redis.call('UNLINK', KEYS[key]) key = key + 1 end
for _ = 1, int(22) do
  local keep, count, length = int(at), int(at + 1), 0
  at = at + 2
  each(count, 1, function(...) length = redis.call('RPUSH', KEYS[key], ...) end)
  if length > keep + math.max(8, keep / 8) then redis.call('LTRIM', KEYS[key], -keep, -1) end -- not for each that is appended
  key = key + 1
end
local done = {}
for i = prev + 1, last do done[#done + 1] = i .. '-0' end
if #done > 0 then redis.call('XACK', KEYS[2], ARGV[7], unpack(done)) end
if int(11) > 0 then
  redis.call('XTRIM', KEYS[2], 'MINID', ARGV[11] .. '-0')
  redis.call('LTRIM', KEYS[8], int(11) - tail - 1, -1)
end
for i = 11, 10 + (int(14) > 0 and int(26) == 1 and int(13) or 0) do redis.call('HSET', KEYS[i], 'idle', 1) end
if int(12) > 0 and int(14) > 0 and not held then
  redis.call('XTRIM', KEYS[3], 'MAXLEN', '~', ARGV[12])
  redis.call('LTRIM', KEYS[10], -int(12), -1)
  if int(27) > 0 then
    redis.call('XTRIM', KEYS[3], 'MINID', '~', ARGV[27] .. '-0')
    redis.call('LTRIM', KEYS[10], int(27) - out - 1, -1)
  end
end
redis.call('HSET', KEYS[1], 'off', last, 'offBars', ARGV[6], 'snap', ARGV[9], 'snapBars', ARGV[10], 'out', out, 'outBars', outBars, 'seq', ARGV[23])
-- At the tail nothing has been missed: whoever was switched off is at work again.
if last > prev then redis.call('HSET', KEYS[1], 'att', 0) redis.call('HDEL', KEYS[1], 'probe', last == tail and 'idle' or 'probe') end
return { 'OK', out, now }

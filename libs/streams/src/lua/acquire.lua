#!lua flags=allow-oom
-- Guarantee: a partition changes hands by compare-and-set on its epoch; the former owner can never commit again, and a
-- reader that is still blocked on the old group is thrown out. The caller has seen the owner absent for a full TTL.
-- KEYS  1 stage  2 in  3 hash with the tail of in  4 out  5 state
-- ARGV  1 me  2 expected epoch  3 group  4 state version  5 field of the tail in KEYS[3]
--       6 1 if a new stage may begin at the oldest entry that is left  7 field of the tail's bars in KEYS[3]
-- A stage that was switched off (idle) begins at the present and without its state: what it missed may be trimmed by now.
-- returns {'OK', epoch, off, snap, out, attempts, offBars, snapBars, outBars, seq, probe}
--       | {'LOST', epoch, owner} | {'NEWER', version}
--       | {'VANISHED'}   the stage hash is gone but its traces are there: a human must decide, we never restart from zero
local function int(value) return tonumber(value or 0) end
local h = redis.call('HMGET', KEYS[1], 'epoch', 'owner', 'off', 'snap', 'out', 'att', 'attoff', 'ver', 'offBars', 'snapBars', 'outBars', 'seq', 'probe', 'idle')
if int(h[1]) ~= tonumber(ARGV[2]) then return { 'LOST', int(h[1]), h[2] or '' } end
if int(h[8]) > tonumber(ARGV[4]) then return { 'NEWER', int(h[8]) } end
local off = int(h[3])
if not h[1] then
  local first = redis.call('XRANGE', KEYS[2], '-', '+', 'COUNT', 1)[1]
  -- Numbers do not begin at 1 after a change of the number of partitions: an empty input has its tail before its first entry.
  local missing = first and tonumber(string.match(first[1], '^%d+')) - 1 or int(redis.call('HGET', KEYS[3], ARGV[5]))
  -- An output without entries is no trace: its reader may have made it, if it started before us.
  local traces = redis.call('EXISTS', KEYS[5]) + redis.call('XLEN', KEYS[4])
  if traces > 0 or (missing > 0 and ARGV[6] ~= '1') then return { 'VANISHED' } end
  off = missing
end

local snap, offBars, snapBars = math.max(int(h[4]), h[1] and 0 or off), int(h[9]), int(h[10])
if h[14] then
  local tail = redis.call('HMGET', KEYS[3], ARGV[5], ARGV[7])
  off, offBars = int(tail[1]), int(tail[2])
  snap, snapBars = off, offBars
  redis.call('DEL', KEYS[5])
  redis.call('HDEL', KEYS[1], 'idle', 'probe')
  h[13] = nil
end

local attempts, attemptOffset = int(h[6]), int(h[7])
local died = h[2] and h[2] ~= ''
if died and int(redis.call('HGET', KEYS[3], ARGV[5])) > off then
  attempts = attemptOffset == off and attempts + 1 or 1
end
local epoch = int(h[1]) + 1
redis.call('HSET', KEYS[1], 'epoch', epoch, 'owner', ARGV[1], 'att', attempts, 'attoff', off, 'ver', ARGV[4],
  'off', off, 'snap', snap, 'out', int(h[5]), 'offBars', offBars, 'snapBars', snapBars, 'outBars', int(h[11]))
if redis.call('EXISTS', KEYS[2]) == 1 then redis.call('XGROUP', 'DESTROY', KEYS[2], ARGV[3]) end
redis.call('XGROUP', 'CREATE', KEYS[2], ARGV[3], off .. '-0', 'MKSTREAM', 'ENTRIESREAD', off)
return { 'OK', epoch, off, snap, int(h[5]), attempts, offBars, snapBars, int(h[11]), int(h[12]), h[13] or '' }

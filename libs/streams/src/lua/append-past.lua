#!lua
-- Guarantee: past bars of a series enter the log where the series stands and nowhere else: they end with the last bar that the
-- log has accepted. A warm-up enters under the configuration that is in force there, and once under each; a correction when it
-- has a revision that is newer than what was accepted of that bar. `last` stays as it is.
-- No allow-oom flag on purpose, as in APPEND.
-- KEYS  1 in: market_data_stream:{t}  2 last: its hash  3 its tokens  4… stage hashes that read it
-- ARGV  1 limit, bars  2 version of the configuration, '' in a correction
--       3 data ('': append nothing, only note that the series are warm)  4 bars in the data
--       5 series and time of the last bar that is carried for it, …, as one JSON array; one series in a correction
--       6 what is corrected: time and revision, …, oldest first, as one JSON array; absent in a warm-up
--       7 corrected bars that are remembered per series: of what is older than all of them nobody knows any more
--       8 limit, bars of each series, when that is more
-- returns {'OK', offset, token} (offset 0, token '' when nothing was to be appended) | {'DUP'}   warm already, or nothing newer
--       | {'STALE', version in force} | {'MOVED', last accepted time, -1: none} | {'BACKPRESSURE', bars ahead} | {'OLD'}
local carried, revised = cjson.decode(ARGV[5]), cjson.decode(ARGV[6] or '[]')
local head = redis.call('HMGET', KEYS[2], '#', '#bars', '#control')
local tail, bars, appends = tonumber(head[1] or 0), tonumber(head[2] or 0), ARGV[3] ~= ''
local kind, mark, update, token = 'warmup', '#warm|', {}, ''
if #revised > 0 then kind, mark = 'correction', '#rev|' end
if #revised == 0 and head[3] ~= ARGV[2] then return { 'STALE', head[3] or '0' } end
local function merged(known) -- what is known of a series, oldest first, with what is newer; and why it stays out, if it does
  local newer, most, full = false, 2 * tonumber(ARGV[7]), #known >= 2 * tonumber(ARGV[7])
  for i = 1, #revised, 2 do
    local at = #known - 1
    while at > 0 and known[at] > revised[i] do at = at - 2 end -- −1: older than all
    if at < 0 and full then return known, { 'OLD' } end
    if at < 0 or known[at] < revised[i] then
      at = at + 2
      table.insert(known, at, revised[i])
      table.insert(known, at + 1, 0)
    end
    if revised[i + 1] > known[at + 1] then known[at + 1], newer = revised[i + 1], true end
  end
  while #known > most do table.remove(known, 1) end
  return known, not newer and { 'DUP' } or nil
end
for i = 1, #carried, 2 do
  local series, refusal = redis.call('HMGET', KEYS[2], mark .. carried[i], carried[i]), nil
  local noted = ARGV[2]
  if #revised > 0 then
    noted, refusal = merged(cjson.decode(series[1] or '[]'))
    noted = cjson.encode(noted)
  elseif appends and series[1] == noted then
    refusal = { 'DUP' }
  end
  if refusal then return refusal end
  if appends and tonumber(series[2] or -1) ~= carried[i + 1] then return { 'MOVED', series[2] or '-1' } end
  update[#update + 1], update[#update + 2] = mark .. carried[i], noted
end
local limit = math.max(tonumber(ARGV[1]), tonumber(ARGV[8] or 0) * redis.call('HLEN', KEYS[2]))
for i = 4, appends and #KEYS or 0 do
  local ahead = bars - tonumber(redis.call('HGET', KEYS[i], 'snapBars') or 0)
  if ahead > limit then return { 'BACKPRESSURE', ahead } end
end
-- no write above this line
if appends then
  local now = redis.call('TIME')
  token = string.format('%.0f', now[1] * 1000000 + now[2])
  tail, bars = tail + 1, bars + tonumber(ARGV[4])
  redis.call('XADD', KEYS[1], tail .. '-0', 'kind', kind, 'data', ARGV[3], 'token', token, 'bars', bars)
  redis.call('RPUSH', KEYS[3], token)
  update[#update + 1], update[#update + 2] = '#', tail
  update[#update + 1], update[#update + 2] = '#bars', bars
end
redis.call('HSET', KEYS[2], unpack(update))
return { 'OK', appends and tail or 0, token }

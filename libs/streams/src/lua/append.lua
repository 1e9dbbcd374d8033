#!lua
-- Guarantee: one batch becomes one entry or nothing; per series, bars enter in order, once, without a hole, and none before the
-- configuration that its producer has put there: a log that came back without it, of whatever length, says so. A series that
-- begins is noted as warm under the configuration in force: all that is computed of it sees it from its first bar on.
-- No allow-oom flag on purpose: at maxmemory the log must refuse first, so that everything behind it can still finish.
-- KEYS  1 in: market_data_stream:{t}  2 last: its hash  3 its tokens  4… stage hashes that read it
--       A value of more than 64 bytes (#about) has Redis keep the hash as a table: a list of up to 128 fields is searched from its
--       beginning for each of them, and every append asks for one per series.
-- ARGV  1 limit, bars  2 kind  3 data  4 bars in this batch
--       5 runs, as one JSON array, because every argument costs: series, time of its first bar, how long before that the bar
--       before the run was (0: none), how long after it its last bar is, … A run is a sequence of one series in which each bar
--       names the one before it; several runs of one series follow each other.
--       6 version of the configuration that must be there; 0 or absent: none
--       7 limit, bars of each series, when that is more; about: what else is noted beside the series counts as well
-- returns {'OK', offset, token} | {'BACKPRESSURE', bars ahead} | {'UNCONFIGURED'}
--       | {'REJECTED', index, 'OLD'|'HOLE', last, …}   index counts runs from 0; nothing was written
local ABOUT = 'series → time of its last bar, ms; # → last entry; with this text Redis finds a field at once'
local head = redis.call('HMGET', KEYS[2], '#', '#bars', '#control', '#about')
local tail, bars = tonumber(head[1] or 0), tonumber(head[2] or 0)
local limit = math.max(tonumber(ARGV[1]), tonumber(ARGV[7] or 0) * redis.call('HLEN', KEYS[2]))
for i = 4, #KEYS do
  local ahead = bars - tonumber(redis.call('HGET', KEYS[i], 'snapBars') or 0)
  if ahead > limit then return { 'BACKPRESSURE', ahead } end
end

if tonumber(head[3] or 0) < tonumber(ARGV[6] or 0) then return { 'UNCONFIGURED' } end

local runs, fields, last = cjson.decode(ARGV[5]), {}, {}
for i = 1, #runs, 4 do fields[(i + 3) / 4] = runs[i] end
-- Most series of a batch are at the same time: what costs is to make a number of a text, and a text of a number.
local numbers, texts = {}, {}
if #fields > 0 then
  local stored = redis.call('HMGET', KEYS[2], unpack(fields))
  for i = 1, #fields do
    local text = stored[i] or '-1'
    local time = numbers[text]
    if not time then
      time = tonumber(text)
      numbers[text] = time
    end
    last[fields[i]] = time
  end
end

local refused, begun = { 'REJECTED' }, {}
for i = 1, #fields do
  local field, first, back = fields[i], runs[4 * i - 2], runs[4 * i - 1]
  local before = last[field]
  if before < 0 and head[3] then begun[#begun + 1], begun[#begun + 2] = '#warm|' .. field, head[3] end
  local verdict = first <= before and 'OLD' or back > 0 and first - back > before and 'HOLE'
  if verdict then
    refused[#refused + 1] = i - 1
    refused[#refused + 1] = verdict
    refused[#refused + 1] = string.format('%.0f', before)
  else
    last[field] = first + runs[4 * i]
  end
end
if #refused > 1 then return refused end

local now = redis.call('TIME')
local token = string.format('%.0f', now[1] * 1000000 + now[2])
bars = bars + tonumber(ARGV[4])
redis.call('XADD', KEYS[1], (tail + 1) .. '-0', 'kind', ARGV[2], 'data', ARGV[3], 'token', token, 'bars', bars)
redis.call('RPUSH', KEYS[3], token)
local update = { '#', tail + 1, '#bars', bars }
if not head[4] then update[5], update[6] = '#about', ABOUT end
local at = #update
for i = 1, #fields do
  local field = fields[i]
  local time = last[field]
  local text = texts[time]
  if not text then
    text = string.format('%.0f', time)
    texts[time] = text
  end
  update[at + 1], update[at + 2] = field, text
  at = at + 2
end
redis.call('HSET', KEYS[2], unpack(update))
if #begun > 0 then redis.call('HSET', KEYS[2], unpack(begun)) end
return { 'OK', tail + 1, token }

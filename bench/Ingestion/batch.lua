-- POST /events: readings of many devices, one JSON object a line, as a gateway sends them: each with its own event_id and timestamp.
-- Counts the events that the answers call accepted. The requests are made before the clock starts.
local bodies = 4
local requests = {}
local position = 0
local threads = {}

function setup(thread)
  table.insert(threads, thread)
  thread:set("seed", #threads)
  thread:set("accepted", 0)
end

local function hexadecimal(digits)
  local text = ""
  for _ = 1, digits do text = text .. string.format("%x", math.random(0, 15)) end
  return text
end

function init(args)
  math.randomseed(seed)
  local headers = { ["Content-Type"] = "application/x-ndjson", ["apikey"] = args[1] }
  local now = os.time()
  for i = 1, bodies do
    local lines = {}
    for line = 1, tonumber(args[2]) do
      lines[line] = string.format(
        '{"type":"telemetry","event_id":"%s-%s-4%s-8%s-%s","timestamp":"%s.%03dZ","device_id":"climate-%04d","zone_id":"hall-%d","temperature":%.2f,"humidity":%.3f}',
        hexadecimal(8), hexadecimal(4), hexadecimal(3), hexadecimal(3), hexadecimal(12),
        os.date("!%Y-%m-%dT%H:%M:%S", now - math.random(0, 3600)), math.random(0, 999),
        math.random(1, 5000), math.random(1, 6), 18 + math.random() * 6, 35 + math.random() * 20)
    end
    requests[i] = wrk.format("POST", nil, headers, table.concat(lines, "\n") .. "\n")
  end
end

function request()
  position = position % bodies + 1
  return requests[position]
end

function response(status, headers, body)
  accepted = accepted + (tonumber(string.match(body, '"accepted":(%d+)')) or 0)
end

function done(summary, latency)
  local events = 0
  for _, thread in ipairs(threads) do events = events + thread:get("accepted") end
  local errors = summary.errors
  io.write(string.format('{"requests":%d,"events":%d,"failed":%d,"microseconds":%d,"p99_microseconds":%d}\n',
    summary.requests, events,
    errors.connect + errors.read + errors.write + errors.status + errors.timeout,
    summary.duration, latency:percentile(99)))
end

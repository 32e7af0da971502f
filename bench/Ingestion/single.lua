-- POST /event/telemetry from many devices, one reading a request. The requests are made before the clock starts.
local count = 2000
local requests = {}
local position = 0
local threads = 0

function setup(thread)
  threads = threads + 1
  thread:set("seed", threads)
end

function init(args)
  math.randomseed(seed)
  local headers = { ["Content-Type"] = "application/json", ["apikey"] = args[1] }
  for i = 1, count do
    local body = string.format('{"device_id":"climate-%04d","zone_id":"hall-%d","temperature":%.2f,"humidity":%.3f}',
      math.random(1, 5000), math.random(1, 6), 18 + math.random() * 6, 35 + math.random() * 20)
    requests[i] = wrk.format("POST", nil, headers, body)
  end
end

function request()
  position = position % count + 1
  return requests[position]
end

function done(summary, latency)
  local errors = summary.errors
  io.write(string.format('{"requests":%d,"events":%d,"failed":%d,"microseconds":%d,"p99_microseconds":%d}\n',
    summary.requests, summary.requests - errors.status,
    errors.connect + errors.read + errors.write + errors.status + errors.timeout,
    summary.duration, latency:percentile(99)))
end

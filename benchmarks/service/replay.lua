-- Sends the bodies of a file, one a line, in turn, waiting between them for a random time of a given mean (ms);
-- prints what the run came to as one line of JSON. wrk -s replay.lua URL -- FILE MEAN
local bodies, at, mean = {}, 0, 0

function init(args)
  for line in io.lines(args[1]) do bodies[#bodies + 1] = line end
  mean = tonumber(args[2])
  math.randomseed(1)
  if mean == 0 then delay = nil end
end

function request()
  at = at % #bodies + 1
  return wrk.format("POST", nil, {["Content-Type"] = "application/json"}, bodies[at])
end

function delay()
  return math.floor(-mean * math.log(1 - math.random()) + 0.5)
end

function done(summary, latency, requests)
  local errors = summary.errors
  io.write(string.format(
    '\n{"requests": %d, "seconds": %.3f, "refused": %d, "broken": %d, "p50": %.3f, "p99": %.3f}\n',
    summary.requests, summary.duration / 1e6, errors.status,
    errors.connect + errors.read + errors.write + errors.timeout,
    latency:percentile(50) / 1000, latency:percentile(99) / 1000))
end

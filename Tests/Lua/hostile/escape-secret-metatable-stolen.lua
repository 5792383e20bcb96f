-- expect: succeeded [false,false,"invalid_argument"]
-- Gives a table of its own the looks of a secret, for the host to take it for one.
runbook { needs = { "secrets:reveal" } }
local secret = secrets.generate(24)
local stolen = pcall(setmetatable, {}, getmetatable(secret))
local changed = pcall(function() getmetatable(secret).__tostring = function() return "open" end end)
local _, failure = pcall(secrets.reveal, setmetatable({}, { __name = "secret", __metatable = "secret" }))
return { stolen, changed, failure.kind }

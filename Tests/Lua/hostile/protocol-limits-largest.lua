-- expect: stopped memory ; limits memory=8MB
-- Declares the largest limits that an integer can hold, for a sum in the host to overflow.
local largest = math.maxinteger
runbook { limits = { memory = largest, time = "9000000000s", log = largest, result = largest, source = largest, tasks = largest, calls = largest, changes = largest } }
local t = {}
while true do t[#t + 1] = {} end

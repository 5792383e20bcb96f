-- Coroutines that yield, and protected calls.
if runbook then runbook {} end

local sum = 0
for round = 1, 40 do
    local generator = coroutine.wrap(function()
        for i = 1, 40000 do coroutine.yield(i) end
    end)
    for value in generator do sum = sum + value end
end
for i = 1, 800000 do
    local ok, value = pcall(math.max, i, 7)
    sum = sum + (ok and value or 0)
end
for i = 1, 100000 do
    local ok = pcall(error, "no")
    sum = sum + (ok and 0 or 1)
end

assert(sum > 0)

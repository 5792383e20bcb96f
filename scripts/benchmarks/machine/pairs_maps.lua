-- pairs over a map from a thousand names.
if runbook then runbook {} end

local ids, sum = {}, 0
for i = 1, 1000 do ids["user" .. i] = i end
for round = 1, 5000 do
    for _, id in pairs(ids) do sum = sum + id end
end

assert(sum == 5000 * 500500, sum)

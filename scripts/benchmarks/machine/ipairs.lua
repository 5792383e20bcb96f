-- ipairs over lists, long and short.
if runbook then runbook {} end

local long, short, sum = {}, { "a", "b", "c" }, 0
for i = 1, 100000 do long[i] = i end
for round = 1, 80 do
    for _, value in ipairs(long) do sum = sum + value end
end
for round = 1, 1000000 do
    for index in ipairs(short) do sum = sum + index end
end

assert(sum == 80 * 5000050000 + 1000000 * 6, sum)

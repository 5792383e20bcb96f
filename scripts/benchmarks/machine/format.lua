-- Numbers and strings shown: tostring and string.format.
if runbook then runbook {} end

local length = 0
for i = 1, 400000 do
    length = length + #string.format("%d: %s has %5.1f%%", i, "user", i / 7)
    length = length + #tostring(i) + #tostring(i % 2 == 0)
end

assert(length > 0)

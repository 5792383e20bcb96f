-- Strings made, cut, searched, replaced and joined.
if runbook then runbook {} end

local total = 0
for round = 1, 200 do
    local parts = {}
    for i = 1, 2000 do
        local login = "user" .. i
        parts[#parts + 1] = login:upper() .. "@" .. ("example.com"):sub(1, i % 11 + 1)
    end
    local text = table.concat(parts, ",")
    for name, domain in text:gmatch("(%w+)@([%w.]+)") do total = total + #name + #domain end
    total = total + #text:gsub("USER", "u") + (text:find("USER2000", 1, true) or 0)
end

assert(total == 16531800, total)

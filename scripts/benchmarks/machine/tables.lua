-- Lists and records built, changed and read.
if runbook then runbook {} end

local sum = 0
for round = 1, 25 do
    local list, by_login = {}, {}
    for i = 1, 10000 do
        local user = { id = i, login = "user" .. i, enabled = i % 2 == 0, tags = { i, i + 1 } }
        list[i] = user
        by_login[user.login] = user
    end
    for i = 1, #list do
        local user = by_login["user" .. i]
        user.locked = not user.enabled
        sum = sum + user.id + user.tags[2]
    end
    for i = 1, 5000 do table.insert(list, table.remove(list)) end
    while #list > 5000 do list[#list] = nil end
    sum = sum + select("#", table.unpack(list, 1, 200))
end

assert(sum == 2500505000, sum)

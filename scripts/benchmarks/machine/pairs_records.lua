-- pairs over records such as users.
if runbook then runbook {} end

local users, count = {}, 0
for i = 1, 1000 do
    users[i] = {
        id = i, login = "user" .. i, name = "User " .. i, email = "user" .. i .. "@example.com", enabled = true,
        locked = i % 10 == 0, role = { id = "user", name = "User", superuser = false },
    }
end
for round = 1, 800 do
    for _, user in ipairs(users) do
        for _, value in pairs(user) do
            if value then count = count + 1 end
        end
    end
end

assert(count == 800 * 6100, count)

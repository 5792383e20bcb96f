-- Time is the host's, in UTC.
assert(os.date("%H:%M", 0) == "00:00" and os.date("!%H:%M", 0) == "00:00" and os.date("%Z %z", 0) == "GMT +0000")
assert(os.time { year = 1970, month = 1, day = 1, hour = 0 } == 0 and os.date("*t", 0).isdst == false)
assert(os.time { year = 2024, month = 7, day = 1, hour = 0, isdst = true } == os.time { year = 2024, month = 7, day = 1, hour = 0 })

-- where no call can be made, it is the time last told
local told, read = os.time(), nil
table.sort({ 1, 2 }, function(a, b)
    read = os.time()
    return a < b
end)
assert(read == told)

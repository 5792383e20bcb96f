-- Lists of numbers, of strings and of records sorted, the last with a comparator.
if runbook then runbook {} end

local state = 42
local function random(limit)
    state = (state * 1103515245 + 12345) % 2147483648
    return state // 65536 % limit
end

for round = 1, 7 do
    local numbers, words, records = {}, {}, {}
    for i = 1, 20000 do
        numbers[i] = random(30000)
        words[i] = "user" .. random(30000)
        records[i] = { id = i, rank = random(30000) }
    end
    table.sort(numbers)
    table.sort(words)
    table.sort(records, function(a, b)
        if a.rank ~= b.rank then return a.rank < b.rank end
        return a.id < b.id
    end)
    for i = 2, 20000 do
        assert(numbers[i - 1] <= numbers[i] and words[i - 1] <= words[i] and records[i - 1].rank <= records[i].rank)
    end
end

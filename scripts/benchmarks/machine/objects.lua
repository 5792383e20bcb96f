-- Objects: metatables, methods, closures.
if runbook then runbook {} end

local Account = {}
Account.__index = Account
function Account.new(balance) return setmetatable({ balance = balance }, Account) end
function Account:deposit(amount) self.balance = self.balance + amount end
Account.__add = function(a, b) return Account.new(a.balance + b.balance) end

local function counter()
    local count = 0
    return function()
        count = count + 1
        return count
    end
end

local total = 0
for i = 1, 1000000 do
    local account = Account.new(i)
    account:deposit(1)
    total = total + (account + account).balance
    local next_number = counter()
    next_number()
    total = total + next_number()
end

assert(total == 1000005000000, total)

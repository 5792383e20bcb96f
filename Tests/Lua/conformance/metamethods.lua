-- Metatables.
local function message(f, ...) return select(2, pcall(f, ...)) end
local function traced(name) return function(a, b) return name, a, b end end

local mt = {}
for _, event in ipairs { "add", "sub", "mul", "div", "mod", "pow", "idiv", "band", "bor", "bxor", "shl", "shr", "concat" } do
    mt["__" .. event] = function(a, b) return event .. (type(a) == "table" and "L" or "") .. (type(b) == "table" and "R" or "") end
end
for _, event in ipairs { "unm", "bnot", "len" } do mt["__" .. event] = function() return event end end
local o = setmetatable({}, mt)
assert(o + 1 == "addL" and 1 + o == "addR" and o - o == "subLR" and o * 1 == "mulL" and 1 / o == "divR" and o % 1 == "modL" and o ^ 1 == "powL")
assert(o // 1 == "idivL" and o & 1 == "bandL" and 1 | o == "borR" and o ~ 1 == "bxorL" and o << 1 == "shlL" and 1 >> o == "shrR")
assert(o .. "x" == "concatL" and "x" .. o == "concatR" and 1 .. o == "concatR" and "a" .. "b" .. o == "aconcatR")
assert(-o == "unm" and ~o == "bnot" and #o == "len" and "10" + o == "addR" and o + nil == "addL")

-- comparison: results become booleans, == only for two tables that differ
local compared = { __eq = function() return 1 end, __lt = function() return nil end, __le = function() return "yes" end }
local p, q = setmetatable({}, compared), setmetatable({}, compared)
assert((p == q) == true and (p ~= q) == false and (p < q) == false and (p > q) == false and (p <= q) == true and (p >= 1) == true and (1 < p) == false)
assert(p ~= 1 and not (p == "x") and rawequal(p, p) and not rawequal(p, q))
local only_lt = setmetatable({}, { __lt = function() return true end })
assert(only_lt < only_lt)

-- __index and __newindex: functions, tables, chains
local base = { a = 1 }
local derived = setmetatable({ b = 2 }, { __index = base })
local leaf = setmetatable({}, { __index = derived })
assert(leaf.a == 1 and leaf.b == 2 and leaf.c == nil and rawget(leaf, "a") == nil)
local computed = setmetatable({}, { __index = function(t, key) return key .. "!" end })
assert(computed.x == "x!" and computed[1] == "1!" and rawget(computed, "x") == nil)
local store = {}
local writer = setmetatable({}, { __newindex = store })
writer.x = 5
assert(rawget(writer, "x") == nil and store.x == 5)
local doubled = setmetatable({ old = 1 }, { __newindex = function(t, key, value) rawset(t, key, value * 2) end })
doubled.new, doubled.old = 5, 7
assert(doubled.new == 10 and doubled.old == 7)
local loop = {}
setmetatable(loop, { __index = loop })
assert(message(function() return loop.x end):find("chain too long", 1, true))
local first, second = {}, {}
setmetatable(first, { __newindex = second })
setmetatable(second, { __newindex = first })
assert(message(function() first.x = 1 end):find("chain too long", 1, true))

-- __call
local callable = setmetatable({}, { __call = function(self, ...) return select("#", ...), ... end })
assert(callable() == 0 and select(3, callable(1, 2)) == 2 and pcall(callable) and select(2, pcall(callable, 5)) == 1)
local nested = setmetatable({}, { __call = callable })
assert(nested("x") == 2)
assert(not pcall(setmetatable({}, { __call = 5 })))
table.sort({ 2, 1 }, function(a, b) return callable() == 1 end)

-- __tostring, __name, __metatable
assert(tostring(setmetatable({}, { __tostring = function() return "text" end })) == "text")
assert(tostring(setmetatable({}, { __name = "Account" })):find("^Account: ") and tostring(setmetatable({}, { __name = 5 })):find("^table: "))
assert(tostring(setmetatable({}, { __tostring = function() return 5 end })) == "5")
assert(message(tostring, setmetatable({}, { __tostring = function() return {} end })) == "'__tostring' must return a string")
assert(message(tostring, setmetatable({}, { __tostring = function() error("none", 0) end })) == "none")
local sealed = setmetatable({}, { __metatable = "sealed" })
assert(getmetatable(sealed) == "sealed" and message(setmetatable, sealed, {}) == "cannot change a protected metatable")
assert(getmetatable(setmetatable({}, { __metatable = false })) == false and getmetatable({}) == nil and getmetatable(5) == nil)
local plain = setmetatable({}, {})
assert(getmetatable(setmetatable(plain, nil)) == nil and setmetatable(plain, plain) == plain and getmetatable(plain) == plain)
assert(message(setmetatable, 1, {}):find("bad argument #1 to 'setmetatable' (table expected, got number)", 1, true))
assert(message(setmetatable, {}):find("bad argument #2 to 'setmetatable' (nil or table expected", 1, true))
assert(message(getmetatable) == "bad argument #1 to 'getmetatable' (value expected)")

-- __len and what uses it
local sized = setmetatable({}, { __len = function() return 3 end })
assert(#sized == 3 and rawlen(sized) == 0 and select("#", table.unpack(sized)) == 3)
local strange = setmetatable({}, { __len = function() return "three" end })
assert(#strange == "three" and message(table.unpack, strange) == "object length is not an integer")

-- an error in a metamethod is the error of the operation
local failing = setmetatable({}, { __add = function() error("in add", 0) end, __index = function(_, key) error("no field " .. key, 0) end })
assert(message(function() return failing + 1 end) == "in add" and message(function() return failing.x end) == "no field x")
-- a metatable may change at any time
local changing = setmetatable({}, {})
assert(not pcall(function() return changing + 1 end))
getmetatable(changing).__add = function() return "now" end
assert(changing + 1 == "now")
-- inheritance, as it is mostly written
local Account = {}
Account.__index = Account
function Account.new(balance) return setmetatable({ balance = balance }, Account) end
function Account:deposit(n) self.balance = self.balance + n return self end
local Special = setmetatable({}, { __index = Account })
Special.__index = Special
function Special:deposit(n) Account.deposit(self, n * 2) return self end
assert(Account.new(1):deposit(2).balance == 3 and setmetatable(Account.new(1), Special):deposit(2).balance == 5)

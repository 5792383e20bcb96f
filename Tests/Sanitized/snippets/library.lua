-- The library's functions with usual and with odd arguments.
local seen = {}
local function try(f, ...)
  local results = table.pack(pcall(f, ...))
  for index = 1, results.n do results[index] = tostring(results[index]):gsub("[^\32-\126]", "?") end
  seen[#seen + 1] = table.concat(results, "|")
end
for _, format in ipairs { "%d", "%5.2f", "%s", "%q", "%x", "%c", "%i", "%u", "%p", "%g", "%a", "%%", "%", "%10", "%.200f", "%99999s", "%-5s|", "%+d", "%#x" } do
  for _, value in ipairs { 1, -1.5, "text\0\n", {}, print, math.mininteger, 2 ^ 53, true } do try(string.format, format, value) end
end
for _, pattern in ipairs { "a", ".-", "(a)(b)", "()", "%b()", "%f[%w]", "[^%s]", "[", "%", "(", "^a*$", "%1", "(a)%1", ("(a)"):rep(40) } do
  try(string.find, "aabab (x) ", pattern)
  try(string.gsub, "aab", pattern, "%0%1")
  try(string.gsub, "aab", pattern, { a = 1 })
  try(string.gsub, "aab", pattern, function(a) return a end, 2)
  for _ in pcall(string.gmatch, "aab", pattern) and string.gmatch("aab", "a") do end
end
for _, format in ipairs { "b", "<i8", ">I3", "s1", "z", "d", "j", "!8i4", "x", "Xi4", "i17", "c5", "", "s" } do
  try(string.pack, format, 1)
  try(string.pack, format, "text")
  try(string.unpack, format, "abcdefghij")
  try(string.packsize, format)
end
for _, from in ipairs { -3, 0, 1, 4, math.maxinteger, math.mininteger, 1.5 } do
  try(string.sub, "hello", from, -2)
  try(string.byte, "hello", from, from)
  try(utf8.offset, "añb", from)
  try(utf8.codepoint, "añb", from)
  try(table.unpack, { 1, 2, 3 }, from, 4)
  try(table.concat, { 1, 2, 3 }, ",", from, 3)
  try(table.insert, { 1, 2 }, from, 0)
  try(table.remove, { 1, 2 }, from)
  try(select, from, 1, 2)
  try(math.random, from)
  try(os.date, "%Y-%m-%d", from)
  try(utf8.char, from)
  try(tostring, from)
  try(math.tointeger, from)
end
try(table.move, { 1, 2, 3 }, 1, 3, 2)
try(table.sort, { 3, 1, 2, "x" })
try(table.sort, { 5, 3, 4, 1, 2 }, function() return true end)
try(next, {}, "missing")
try(setmetatable, {}, { __gc = true })
try(load, "return 1", "name", "b")
try(load, function() return {} end)
try(load("local a <const> = 1 goto out do local b <close> = nil end ::out:: return a"))
try(string.rep, "ab", 1000, ",")
try(tonumber, "10", 99)
try(tonumber, "zz", 36)
try(rawset, {}, nil, 1)
return seen

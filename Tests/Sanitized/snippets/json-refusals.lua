-- Everything that the codec refuses, with the paths that it names.
local seen = {}
local function refuse(value) seen[#seen + 1] = tostring(select(2, pcall(json.encode, value))) end
local cycle = {}
cycle[1] = { a = { cycle } }
local deep, top = {}, nil
top = deep
for _ = 1, 70 do
  deep.next = {}
  deep = deep.next
end
for _, value in ipairs {
  cycle, top, { 1, nil, 3 }, { [1.5] = 1 }, { [true] = 1 }, { 1, x = 1 }, { "\xff" }, { ["\xc0\xaf"] = 1 }, { 0 / 0 }, { -1 / 0 }, print,
  { coroutine.create(print) }, { ["$secret"] = 1 }, { [("long key "):rep(20)] = { ["ünï" .. ("ö"):rep(40)] = { print } } },
  { a = { b = { ["\n\t\0"] = { ["end"] = print } } } }, { [2 ^ 53] = 1 }, { [math.mininteger] = 1 }, { secrets.generate(9) },
} do refuse(value) end
for _, text in ipairs {
  "", " ", "[", "]", "{", "[1,]", "{\"a\"}", "{\"a\":}", "{,}", "[1 2]", "nul", "tru", "01", "-", "1.", "1e", "+1", "\"", "\"\\x\"", "\"\\u12\"",
  "\"\\ud800\"", "\"\\udc00\"", "\"\\ud800\\u0041\"", "\"\1\"", "\"\xff\"", "\"\xed\xa0\x80\"", "[1]x", "\xef\xbb\xbf[]", ("["):rep(65), ("["):rep(65) .. ("]"):rep(65),
  "1e400", ("9"):rep(400), "[\0]", "{\"a\":1 \"b\":2}", "\"abc", "[1,\n2,\n  x]",
} do
  local ok, problem = pcall(json.decode, text)
  seen[#seen + 1] = (ok and "taken: " or "") .. tostring(problem)
end
return seen

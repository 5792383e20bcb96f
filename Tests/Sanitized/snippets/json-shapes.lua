-- Objects of few and of many members, of the same and of changing shapes, with keys that need escapes.
local list = {}
for count = 0, 40 do
  local object = {}
  for member = 1, count do
    local key = member % 5 == 0 and "key \"" .. member .. "\"\n" or ("k"):rep(member % 23) .. member
    object[key] = member % 7 == 0 and { member, { [key] = member / 3 } } or member % 3 == 0 and key:rep(3) or member
  end
  list[#list + 1] = object
  list[#list + 1] = { id = count, name = "n" .. count, tags = { "a", "b" }, role = { id = "r", all = count % 2 == 0 } }
end
local text = json.encode(list)
assert(json.encode(json.decode(text)) == text)
local pretty = json.encode(list, { pretty = true })
assert(json.encode(json.decode(pretty)) == text)
-- Long enough to be decoded with the collector stopped, with texts that come again and again.
local long = {}
for index = 1, 800 do long[index] = { login = "user" .. index % 40, note = ("é"):rep(index % 30), n = index * 1e10, f = index / 7 } end
local long_text = json.encode(long)
for _ = 1, 3 do assert(json.encode(json.decode(long_text)) == long_text) end
return { #text, #pretty, #long_text }

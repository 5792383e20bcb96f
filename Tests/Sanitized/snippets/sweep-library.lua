-- little memory: load, sort, pairs, format, time
local t = {}
for index = 1, 120 do t["key" .. index * 7919 % 1000] = index end
local keys = {}
for key, value in pairs(t) do keys[#keys + 1] = key .. "=" .. value end
table.sort(keys, function(a, b) return a > b end)
local chunk = assert(load("local a = ... " .. ("a = a + 1 "):rep(60) .. "return a, ('%s %5d'):format(a, a)"))
local text = {}
for index = 1, 20 do text[index] = ("%s|%q|%10.3f"):format(keys[index], keys[index], select(1, chunk(index))) end
return { table.concat(text, "\n"):rep(5), os.date("%c", 0), tostring(t), (("a,b"):gsub(",", { [","] = ";" })), os.time() }

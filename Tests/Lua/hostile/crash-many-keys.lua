-- expect: succeeded [true,20000] ; limits memory=64MB
-- Walks a table of so many names that what sorts them needs more room than the stack has.
runbook {}
local t = {}
for index = 1, 20000 do t[("%x"):format(index * 2654435761)] = index end
local last, count = "", 0
for key in pairs(t) do
  if key <= last then return { false, key } end
  last, count = key, count + 1
end
return { true, count }

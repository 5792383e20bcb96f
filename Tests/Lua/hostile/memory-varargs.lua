-- expect: stopped memory
-- Passes on ever more arguments until the stack takes all memory.
runbook {}
local function more(...)
  local all = table.pack(...)
  for index = 1, all.n do all[all.n + index] = index end
  return more(table.unpack(all, 1, 2 * all.n))
end
pcall(more, 1, 2)
return "went on"

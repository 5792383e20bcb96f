-- expect: stopped time
-- Fills a table with keys that all fall on the same place.
runbook {}
while true do
  local t = {}
  for index = 1, 30000 do t[index * 65535.0 * 4] = index end
end

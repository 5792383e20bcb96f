-- expect: succeeded 18
-- Decodes texts that are almost JSON.
runbook {}
local refused = 0
for _, text in ipairs {
  "", " ", "{", "[1,]", "{\"a\":1,}", "01", "+1", "1e999", "NaN", "\"\\ud800\"", "\"\xff\"", "\"\n\"", "tru", "{1:2}",
  "\"a", "[1 2]", "nul", "1 2",
} do
  if not pcall(json.decode, text) then refused = refused + 1 end
end
return refused

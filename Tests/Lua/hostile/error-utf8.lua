-- expect: succeeded 5
-- Makes and reads code points that there are not.
runbook {}
local refused = 0
for _, attempt in ipairs {
  function() return utf8.char(-1) end, function() return utf8.char(1 << 31) end, function() return utf8.codepoint("\xff") end,
  function() return utf8.offset("abc", 1, 10) end, function() for _ in utf8.codes("\xed\xa0\x80") do end end,
} do
  if not pcall(attempt) then refused = refused + 1 end
end
return refused

-- expect: succeeded 7
-- Packs and unpacks by formats that reach out of the string.
runbook {}
local refused = 0
for _, attempt in ipairs {
  function() return string.unpack("s8", "\255\255\255\255\255\255\255\127") end,
  function() return string.unpack("i17", "x") end, function() return string.pack("i3", 1 << 40) end,
  function() return string.unpack("<i4", "xxx") end, function() return string.unpack("z", "xxx") end,
  function() return string.unpack("b", "x", 1 << 62) end, function() return string.packsize("s") end,
} do
  if not pcall(attempt) then refused = refused + 1 end
end
return refused

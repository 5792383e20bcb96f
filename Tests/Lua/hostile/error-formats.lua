-- expect: succeeded 10
-- Formats with widths, precisions and conversions that there are not.
runbook {}
local refused = 0
for _, format in ipairs { "%100d", "%.100f", "%", "%y", "%-+ #0-+ #0d", "%1234567890d", "%*d", "%n", "%ll", "%p" } do
  if not pcall(string.format, format, 1) then refused = refused + 1 end
end
assert(#string.format("%99.99f", 1e308) > 400)
return refused

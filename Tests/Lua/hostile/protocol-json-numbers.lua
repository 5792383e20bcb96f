-- expect: succeeded ["integer","integer","float","float","float"]
-- Decodes numbers at and beyond the ends of integers.
runbook {}
local kinds = {}
for index, text in ipairs { "9223372036854775807", "-9223372036854775808", "9223372036854775808", "1e308", "-0.0" } do
  kinds[index] = math.type(json.decode(text))
end
return kinds

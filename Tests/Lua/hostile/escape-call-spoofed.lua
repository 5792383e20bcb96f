-- expect: succeeded ["nil","nil","nil",false]
-- Guesses the names by which the host's Lua calls it, also in code that claims to be the host's.
runbook {}
local function try(name) return tostring(load("return " .. name, "=[runbook]")()) end
local ok = pcall(load("return ...", "=[runbook]"), "rb")
return { try("call"), try("rb"), try("note"), not ok }

-- expect: failed attempt to index ; confined only
-- Makes the environment a constant, for which Lua 5.4.4 generates wrong code.
runbook {}
local function use()
  local _ENV <const> = nil
  return value
end
return use()

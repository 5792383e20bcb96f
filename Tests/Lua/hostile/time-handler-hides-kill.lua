-- expect: stopped time ; sends users.unlock=0
-- Replaces the error that ends it by a value of its own in every handler on its way.
runbook { needs = { "users:unlock" } }
while true do
  table.sort({ 2, 1 }, function()
    local ok = xpcall(function()
      local _ <close> = setmetatable({}, { __close = function() error("another") end })
      while true do end
    end, function() return "replaced" end)
    return ok
  end)
  users.unlock(1)
end

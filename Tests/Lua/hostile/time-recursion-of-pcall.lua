-- expect: stopped time ; limits memory=128MB
-- Calls itself twice under pcall, so that each overflow of the stack doubles the work.
runbook {}
local function twice()
  pcall(twice)
  pcall(twice)
end
twice()

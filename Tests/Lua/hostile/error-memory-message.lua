-- expect: succeeded [false,"not enough memory",false,"not enough memory"]
-- Raises the very text with which Lua says that there is no memory left, which is an error like any other.
runbook {}
local ok, text = pcall(error, "not enough memory")
local again, same = coroutine.resume(coroutine.create(function() error("not enough memory", 0) end))
return { ok, text, again, same }

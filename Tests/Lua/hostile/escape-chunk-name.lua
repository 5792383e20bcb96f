-- expect: failed from the host ; at (load):1
-- Names a chunk as the host names its own Lua, so that its errors seem to be elsewhere.
runbook {}
load("error('from the host')", "=[runbook]")()

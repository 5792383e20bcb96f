-- expect: stopped source ; limits source=64KB
-- Compiles a source without an end that comes in small pieces.
runbook {}
return load(function() return "x = 1 " end)

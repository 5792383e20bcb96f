-- expect: succeeded [false,0,false,false]
-- Selects beyond either end.
runbook {}
return { (pcall(select, -1)), select("#", select(1 << 62, 1)), (pcall(select, math.mininteger, 1)), (pcall(select, 0)) }

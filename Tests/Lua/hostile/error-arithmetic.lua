-- expect: succeeded [false,false,true,true,false,false,true]
-- Divides by nothing, overflows and compares what cannot be.
runbook {}
return {
  (pcall(function() return 1 // 0 end)), (pcall(function() return 1 % 0 end)),
  (pcall(function() return 1 / 0 end)), math.mininteger // -1 == math.mininteger,
  (pcall(function() return 1 < "1" end)), (pcall(function() return 1.5 | 1 end)),
  math.abs(math.mininteger) == math.mininteger,
}

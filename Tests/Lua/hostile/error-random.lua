-- expect: succeeded [false,false,false,true]
-- Asks for random numbers of empty and of endless ranges.
runbook {}
return {
  (pcall(math.random, 2, 1)), (pcall(math.random, 1, 2, 3)), (pcall(math.random, 0.5)),
  math.type(math.random(math.mininteger, math.maxinteger)) == "integer",
}

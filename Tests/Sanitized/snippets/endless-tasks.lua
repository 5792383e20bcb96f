-- Never ends, with many tasks that wait for the one that does not.
parallel({ 1, 2, 3, 4, 5, 6, 7, 8 }, 8, function(id)
  users.get(id)
  while id == 5 do coroutine.wrap(function() coroutine.yield(id) end)() end
end)

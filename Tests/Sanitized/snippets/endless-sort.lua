-- Never ends, below a function of the library that is called back.
table.sort({ 3, 1, 2 }, function(a, b)
  string.gsub("abc", ".", function() while true do pcall(string.rep, "x", 10) end end)
  return a < b
end)

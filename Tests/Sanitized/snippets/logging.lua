-- Log lines by the thousand, which leave the machine in the middle of a step.
for index = 1, 1500 do
  log.info("line " .. index, { index = index, text = ("y"):rep(index % 90), list = { index, { index } } })
  if index % 100 == 0 then print("at", index, nil, {}, print) end
end
return "done"

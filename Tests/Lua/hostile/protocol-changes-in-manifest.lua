-- expect: stopped changes ; sends users.unlock=2
-- Passes a limit that it has set itself, in tasks within tasks.
runbook { needs = { "users:unlock" }, limits = { changes = 2 } }
parallel({ 1, 2, 3 }, 3, function(outer)
  parallel({ 1, 2, 3 }, 3, function(inner) users.unlock(outer * 10 + inner) end)
end)

runbook {
  title  = "Unlock every locked user in a role",
  doc    = "Unlocks the users of the role who are locked. Disabled ones are left alone and named, because the console "
    .. "refuses to unlock them. The result lists who was unlocked and, with the reason, who was skipped; if the "
    .. "console refuses somebody else the others are unlocked all the same, and the run fails with their names.",
  params = { role = { type = "string", required = true, doc = "role id, e.g. security-manager" } },
  needs  = { "users:read", "users:unlock" },
  limits = { changes = 10000, time = "30m" },
}

-- What is refused for one user says nothing about the others; a missing permission or a console that is gone does.
local function concerns_one(problem)
  if type(problem) ~= "table" then return false end
  local kind = problem.kind
  return kind == "bad_request" or kind == "not_found" or kind == "conflict" or problem.status == 500
end

local function by_login(a, b) return a.login < b.login end

-- The first ten with their reasons; the log names them all.
local function listing(list)
  local texts = {}
  for index = 1, math.min(#list, 10) do texts[index] = ("%s (%s)"):format(list[index].login, list[index].reason) end
  if #list > 10 then texts[11] = ("and %d more, whom the log names"):format(#list - 10) end
  return table.concat(texts, "; ")
end

local unlocked, skipped, refused = {}, {}, {}
parallel(users.each { role = params.role, locked = true }, 16, function(user)
  if user.enabled == false then
    log.warn("skipped", { login = user.login, reason = "disabled" })
    skipped[#skipped + 1] = { id = user.id, login = user.login, reason = "disabled" }
    return
  end
  local ok, problem = pcall(users.unlock, user.id)
  if ok then
    unlocked[#unlocked + 1] = { id = user.id, login = user.login }
  elseif concerns_one(problem) then
    log.error("refused", { login = user.login, reason = tostring(problem) })
    refused[#refused + 1] = { login = user.login, reason = tostring(problem) }
  else
    error(problem, 0)
  end
end)

-- Nobody to unlock is good news, unless the id of the role is misspelt.
if #unlocked + #skipped + #refused == 0 and not users.find { role = params.role } then
  log.warn("no user has this role: is it the id of a role, as roles.list() shows it?", { role = params.role })
end

for _, list in ipairs { unlocked, skipped, refused } do table.sort(list, by_login) end
log.info("done", { role = params.role, unlocked = #unlocked, skipped = #skipped, refused = #refused })

local result = { unlocked = unlocked, skipped = skipped, totals = { unlocked = #unlocked, skipped = #skipped } }
if #refused > 0 then
  -- What was done is handed over by the error as well.
  result.refused = refused
  result.message = ("unlocking the users of %s: %d unlocked, but the console refused %s: settle that and run it again"):format(
    params.role, #unlocked, listing(refused))
  error(result, 0)
end
return result

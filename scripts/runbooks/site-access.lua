runbook {
  title  = "Grant or revoke a site for every user of a role",
  doc    = "Who has access to all sites is skipped, because the console keeps no single ones for them; who has the "
    .. "site already, or never had it, stays as is. The result shows each changed user's sites before and after. If "
    .. "the console refuses somebody the others are changed all the same, and the run fails with their names.",
  params = {
    role   = { type = "string", required = true, doc = "role id, e.g. security-manager" },
    site   = { type = "integer", required = true, doc = "id of the site, as in its address on the console" },
    action = { type = "string", required = true, choices = { "grant", "revoke" }, doc = "grant or revoke" },
  },
  needs  = { "users:read", "users:access", "roles:read" },
  limits = { changes = 10000, time = "1h" },
}

local WIDTH = 8

-- What is refused for one user says nothing about the others; a missing permission or a console that is gone does.
local function concerns_one(problem)
  if type(problem) ~= "table" then return false end
  return problem.kind == "bad_request" or problem.kind == "conflict" or problem.status == 500
end

local function by_login(a, b) return a.login < b.login end

-- The first ten with their reasons; the log names them all.
local function listing(list)
  local texts = {}
  for index = 1, math.min(#list, 10) do texts[index] = ("%s (%s)"):format(list[index].login, list[index].reason) end
  if #list > 10 then texts[11] = ("and %d more, whom the log names"):format(#list - 10) end
  return table.concat(texts, "; ")
end

local grants = params.action == "grant"
local role
for _, other in ipairs(roles.list()) do
  if other.id == params.role then role = other end
end
if not role then
  error(("site access for the role %s: there is no such role: 'runbook call roles.list' shows them"):format(
    params.role), 0)
end

local changed, unchanged, skipped, refused = {}, {}, {}, {}

parallel(users.each { role = params.role }, WIDTH, function(user)
  if user.role.allSites then
    local reason = "has access to all sites"
    log.info("skipped", { login = user.login, reason = reason })
    skipped[#skipped + 1] = { id = user.id, login = user.login, reason = reason }
    return
  end

  local before, after, has = users.sites(user.id), {}, false
  for _, id in ipairs(before) do
    if id == params.site then has = true else after[#after + 1] = id end
  end
  if has == grants then
    unchanged[#unchanged + 1] = { id = user.id, login = user.login }
    return
  end
  if grants then after[#after + 1] = params.site end
  table.sort(before)
  table.sort(after)

  local ok, problem = pcall(grants and users.add_site or users.remove_site, user.id, params.site)
  if ok then
    changed[#changed + 1] = { id = user.id, login = user.login, before = before, after = after }
  elseif concerns_one(problem) then
    log.error("refused", { login = user.login, reason = tostring(problem) })
    refused[#refused + 1] = { login = user.login, reason = tostring(problem) }
  elseif type(problem) == "table" and problem.kind == "not_found" then
    error(("%s of the site %d for %s: the console knows no such site, or no such user any more: look at the site's id")
      :format(params.action, params.site, user.login), 0)
  else
    error(problem, 0)
  end
end)

for _, list in ipairs { changed, unchanged, skipped, refused } do table.sort(list, by_login) end
log.info("done", { changed = #changed, unchanged = #unchanged, skipped = #skipped, refused = #refused })

local result = {
  role = params.role, site = params.site, action = params.action,
  changed = changed, unchanged = unchanged, skipped = skipped,
  totals = { changed = #changed, unchanged = #unchanged, skipped = #skipped },
}
if #refused > 0 then
  -- What was done is handed over by the error as well.
  result.refused = refused
  result.message = ("%s of the site %d for the role %s: %d done, but the console refused %s: settle that and run it again")
    :format(params.action, params.site, params.role, #changed, listing(refused))
  error(result, 0)
end
return result

runbook {
  title  = "Offboard a leaver on the console and in Xpanse",
  doc    = "Disables the console account, takes its access to sites and asset groups, gives it the least role and a new "
    .. "two-factor seed, and removes the Xpanse role. Carries on when one side fails, and lists what is not done.",
  params = {
    email      = { type = "string", required = true, pattern = "[^@%s]+@[^@%s]+", doc = "the leaver's email address" },
    least_role = { type = "string", default = "user", doc = "the role id that the account keeps" },
    xpanse     = { type = "boolean", default = true, doc = "also remove the role in Xpanse" },
  },
  needs  = { "users:read", "users:update", "users:access", "twofa:read", "twofa:write", "xpanse:read", "xpanse:role" },
  limits = { changes = 20, time = "5m" },
}

local done, not_done = {}, {}

local function step(name, work, ...)
  local ok, result = pcall(work, ...)
  if ok then
    done[#done + 1] = { step = name, result = result }
  else
    log.error("not done", { step = name, reason = tostring(result) })
    not_done[#not_done + 1] = { step = name, reason = tostring(result) }
  end
  return ok, result
end

local address = params.email:lower()
local user
for candidate in users.each() do
  if candidate.email and candidate.email:lower() == address then
    if user then error("two console users have the address " .. address .. ": settle that first", 0) end
    user = candidate
  end
end

if user then
  step("console: take access to sites", users.remove_all_sites, user.id)
  step("console: take access to asset groups", users.remove_all_asset_groups, user.id)
  step("console: least role, disable", users.patch, user.id, {
    enabled = false,
    role = { id = params.least_role, allSites = false, allAssetGroups = false, superuser = false },
  })
  local has_key, key = step("console: look for a two-factor seed", function() return twofa.key(user.id) ~= nil end)
  if has_key and key then
    -- The new seed is thrown away: nobody is to log in with the old one.
    step("console: new two-factor seed", function() twofa.regenerate(user.id) end)
  end
else
  log.warn("no console user has this address", { email = address })
end

if params.xpanse then
  step("xpanse: remove role", function()
    for _, other in ipairs(xpanse.users()) do
      if other.user_email and other.user_email:lower() == address then
        return { removed = xpanse.remove_role({ other.user_email }), was = other.role_name }
      end
    end
    return "no such user"
  end)
end

if #not_done > 0 then
  local steps = {}
  for index, item in ipairs(not_done) do steps[index] = item.step .. " (" .. item.reason .. ")" end
  error("not done for " .. address .. ": " .. table.concat(steps, "; "), 0)
end
return { email = address, console_user = user and user.id, done = done }

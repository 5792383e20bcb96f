runbook {
  title  = "Give users new two-factor seeds",
  doc    = "For one login, or for every enabled user of a role who has a seed. The seeds go to nobody by themselves: they "
    .. "are revealed in the result only if asked, so keep that result safe.",
  params = {
    login  = { type = "string", doc = "one user, for example after a lost phone" },
    role   = { type = "string", doc = "every enabled user of this role id who has a seed" },
    reveal = { type = "boolean", default = false, doc = "show the new seeds in the result" },
  },
  needs  = { "users:read", "twofa:read", "twofa:write", "secrets:reveal" },
  limits = { changes = 500, time = "15m" },
}

if (params.login == nil) == (params.role == nil) then
  error("give either --param login=… or --param role=…", 0)
end

local function rotate(user)
  -- A user of the role without a seed is left alone: a first one would lock the user out until it is handed over.
  if params.role and twofa.key(user.id) == nil then return nil end
  local seed = twofa.regenerate(user.id)
  return { id = user.id, login = user.login, seed = params.reveal and seed and secrets.reveal(seed) or nil }
end

if params.login then
  local user = users.find { login = params.login }
  if not user then error("there is no user with the login " .. params.login, 0) end
  return { rotated = { rotate(user) } }
end
return { rotated = parallel(users.each { role = params.role, enabled = true }, 4, rotate) }

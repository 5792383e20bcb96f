runbook {
  title  = "Check who is a global administrator",
  doc    = "Lists everyone with all permissions: by the role global-admin, as superuser, or by a role of your own that "
    .. "grants all-permissions. Warns if there are too many, if too few could log in now, and of each who is disabled "
    .. "and keeps the power. Changes nothing. The result holds the administrators, the findings and totals.",
  params = {
    at_most  = { type = "integer", default = 5, doc = "how many enabled ones are still well, e.g. 3" },
    at_least = { type = "integer", default = 1, doc = "how many must be enabled and not locked, e.g. 2" },
    fail     = {
      type = "boolean", default = false,
      doc = "let the run fail if there are findings, e.g. to be alerted by a schedule; default: it only warns",
    },
  },
  needs  = { "users:read" },
  limits = { changes = 0, time = "10m" },
}

if params.at_least < 0 or params.at_most < params.at_least then
  error("check the global administrators: at_most (" .. params.at_most .. ") and at_least (" .. params.at_least
    .. ") leave no number that is well: give numbers from 0, at_most not below at_least", 0)
end

-- What makes a user an administrator, or nil.
local function power(user)
  local role = user.role or {}
  if role.id == "global-admin" then return "role" end
  if role.superuser then return "superuser" end
  for _, privilege in ipairs(role.privileges or {}) do
    if privilege == "all-permissions" then return "privilege" end
  end
  return nil
end

local administrators, disabled = {}, {}
local totals = { administrators = 0, enabled = 0, usable = 0, disabled = 0 }
for user in users.each() do
  local by = power(user)
  if by then
    administrators[#administrators + 1] = {
      id = user.id, login = user.login, name = user.name, email = user.email, role = user.role.id, by = by,
      enabled = user.enabled ~= false, locked = user.locked == true,
      source = user.authentication and user.authentication.type,
    }
    if user.enabled == false then
      disabled[#disabled + 1] = user.login
    else
      totals.enabled = totals.enabled + 1
      if not user.locked then totals.usable = totals.usable + 1 end
    end
  end
end
totals.administrators, totals.disabled = #administrators, #disabled

local findings, messages = {}, {}
local function find(finding, message, advice)
  log.warn(message, { finding = finding })
  findings[#findings + 1] = { finding = finding, message = message }
  messages[#messages + 1] = message .. ": " .. advice
end
if totals.enabled > params.at_most then
  find("too_many", totals.enabled .. " global administrators are enabled, at most " .. params.at_most .. " should be",
    "offboard who has left with offboard-user, and give the others another role on the console")
end
if totals.usable < params.at_least then
  find("too_few", totals.usable .. " global administrators can log in, at least " .. params.at_least .. " should",
    "enable or unlock one on the console, or make one with onboard-user")
end
if #disabled > 0 then
  table.sort(disabled)
  find("disabled", "disabled and still global administrators: " .. table.concat(disabled, ", "),
    "take the role with offboard-user")
end

if params.fail and #messages > 0 then
  error("check the global administrators: " .. table.concat(messages, "; ")
    .. "; without fail=true the result lists everyone", 0)
end
return { administrators = administrators, findings = findings, totals = totals }

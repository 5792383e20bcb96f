extension CanaryWorld {
    /// A runbook that does with its secrets everything that it should not.
    static let script = #"""
        runbook {
          title = "Careless with secrets",
          needs = { "users:read", "users:create", "users:update", "users:unlock", "users:password", "users:access",
            "roles:read", "twofa:read", "twofa:write", "xpanse:read", "secrets:reveal" },
          params = {
            one = { type = "secret", required = true }, two = { type = "secret", required = true },
            three = { type = "secret", required = true }, how = { type = "string", default = "" },
          },
        }
        local one, two, three = secrets.reveal(params.one), secrets.reveal(params.two), secrets.reveal(params.three)

        local function hex(text) return (text:gsub(".", function(c) return string.format("%02x", c:byte()) end)) end
        local function percent(text) return (text:gsub("[^%w]", function(c) return string.format("%%%02X", c:byte()) end)) end
        local function base64(text)
          local alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"
          local out = {}
          for place = 1, #text, 3 do
            local a, b, c = text:byte(place, place + 2)
            local bits = a << 16 | (b or 0) << 8 | (c or 0)
            for index = 0, 3 do
              local six = bits >> (18 - 6 * index) & 63
              out[#out + 1] = index <= #text - place + 1 and alphabet:sub(six + 1, six + 1) or "="
            end
          end
          return table.concat(out)
        end

        -- Into the log.
        log.debug("it is " .. one, { field = two, [three] = { one, { two } } })
        log.info(hex(one) .. hex(two):upper(), { base64(three), base64("u:" .. one), base64("us:" .. two) })
        log.warn(percent(one) .. percent(two):lower(), { url = "https://x.example/?k=" .. percent(three) })
        log.error(json.encode { one, { [two] = three } }, { params = params })
        print(one, params.one, tostring(params.two), three)
        log.info("skipped " .. two, { skipped = one })

        -- Into arguments where secrets are due, and where none is.
        users.reset_password(6, "cAnary-4-literal-zx")
        log.info("set cAnary-4-literal-zx", { to = "cAnary-4-literal-zx" })
        pcall(roles.get, one)
        pcall(roles.get, base64(two))
        pcall(users.get, three)
        pcall(users.unlock, 3, { [one] = two })
        pcall(users.find, { login = two })
        pcall(xpanse.roles, { three })

        -- From the server, and back.
        local user = users.get(5)
        log.info("read", user)
        assert(tostring(user.password) == "‹secret›", "a password came as text")
        users.update(5, user)
        users.patch(7, { name = "named " .. one, email = "x" .. #two .. "@example.com" })
        users.patch(7, { name = "no longer " .. three })
        local seed = twofa.regenerate(8)
        log.info("seed " .. tostring(seed) .. secrets.reveal(seed), { seed = seed, clear = secrets.reveal(seed) })
        local made = secrets.generate(20)
        local id = users.create {
          login = "new-" .. params.how .. math.random(1000000000), name = "New " .. secrets.reveal(made),
          password = made, role = { id = "user" },
        }
        log.info("made", { id = id, password = secrets.reveal(made), name = users.get(id).name })
        for _, refused in ipairs { 9, 11 } do
          local ok, failure = pcall(users.unlock, refused)
          log.warn(tostring(failure), type(failure) == "table" and { message = failure.message, details = failure.details } or nil)
        end
        for _, broken in ipairs { 12, 13 } do log.info(tostring(select(2, pcall(users.get, broken)))) end

        -- Into errors.
        local hows = {
          text = function() error("because of " .. one) end,
          table = function() error { kind = two, message = "a table of " .. one, more = { three } } end,
          secret = function() error(params.one) end,
          tostring = function() error(setmetatable({}, { __tostring = function() return base64(two) end })) end,
          load = function() load("local nothing = nil; nothing['" .. hex(two) .. "'] = 1", "=" .. three)() end,
          syntax = function() assert(load("return '" .. three .. "' '" .. three, two)) end,
          argument = function() users.get(one) end,
          field = function() users.update(5, { login = "x", [two] = 1 }) end,
          denied = function() users.delete(5) end,
          limit = function() while true do users.set_sites(6, {}) end end,
          page = function() users.get(12) end,
          json = function() return users.get(13).login end,
          refused = function() users.unlock(9) end,
          refusedInText = function() users.unlock(11) end,
          confirm = function() confirm("use " .. one .. " for " .. hex(two) .. "?") end,
          call = function() users[one](three) end,
          result = function() return { one, { [two] = three } } end,
          wait = function() twofa.regenerate(10) log.info("after " .. one) return "went on" end,
        }
        local how = hows[params.how]
        return how and how()
        """#
}

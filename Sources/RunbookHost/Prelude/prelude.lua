-- What a runbook finds besides its bindings, written in Lua over the machine's primitives (`rb`), which only this
-- chunk sees. The script may replace any global and any field of a library, before or in the midst of a call: whatever is
-- used once this chunk has run is held in locals, and no method of a string is looked up.
local rb, csv_source = ...
local error, ipairs, next_key, pairs, pcall, setmetatable, tonumber, tostring, type =
    error, ipairs, next, pairs, pcall, setmetatable, tonumber, tostring, type
local concat, pack, sort = table.concat, table.pack, table.sort
local floor, number_type = math.floor, math.type
local byte, find, format, gsub, sub = string.byte, string.find, string.format, string.gsub, string.sub
local call, note, raise, null, as_array, is_secret = rb.call, rb.note, rb.raise, rb.null, rb.array, rb.is_secret
local can_call, current_task, park, spawn, wake = rb.can_call, rb.task, rb.park, rb.spawn, rb.wake
local compile, encode, decode = rb.compile, rb.encode, rb.decode
local statement = 0 -- of a session: the number of the one that runs

local function invalid(operation, message, ...)
    raise { kind = "invalid_argument", operation = operation, message = format(message, ...) }
end

-- What a person calls the type of a value.
local function kind_of(value)
    if value == nil then return "nothing" end
    if value == null then return "null" end
    if is_secret(value) then return "a secret" end
    return "a " .. type(value)
end

local function expect(operation, name, value, wanted)
    if type(value) ~= wanted then invalid(operation, "%s must be a %s, got %s", name, wanted, kind_of(value)) end
end

-- manifest and parameters ---------------------------------------------------------------------------------------------

params = setmetatable({}, {
    __index = function() error("params are known only after runbook { … }: put it first in the file", 2) end,
    __metatable = "params",
})

function runbook(manifest)
    if type(manifest) ~= "table" then
        invalid("runbook", "the manifest must be a table, got %s: write runbook { title = \"…\", needs = { … } }", kind_of(manifest))
    end
    local values = call("runbook", manifest)
    for name, declaration in pairs(type(manifest.params) == "table" and manifest.params or {}) do
        local pattern, value = declaration.pattern, values[name]
        if pattern and type(value) == "string" then
            local ok, first, last = pcall(find, value, pattern)
            if not ok then invalid("runbook", "the pattern of the parameter '%s' is wrong: %s", name, first) end
            if first ~= 1 or last ~= #value then
                raise {
                    kind = "parameters", operation = "runbook",
                    message = format("the parameter '%s' must match the pattern %s, not '%s'", name, pattern, value),
                }
            end
        end
    end
    params = values
end

-- log -----------------------------------------------------------------------------------------------------------------

log = {}
for _, level in ipairs { "debug", "info", "warn", "error" } do
    log[level] = function(message, fields)
        if fields ~= nil and type(fields) ~= "table" then
            invalid("log." .. level, "fields must be a table, got %s", kind_of(fields))
        end
        note("log", level, tostring(message), fields)
    end
end

function print(...)
    local texts = pack(...)
    for index = 1, texts.n do texts[index] = tostring(texts[index]) end
    note("log", "info", concat(texts, "\t", 1, texts.n))
end

-- waiting ----------------------------------------------------------------------------------------------------------------

function sleep(seconds)
    expect("sleep", "seconds", seconds, "number")
    if not (seconds >= 0 and seconds < 1e9) then invalid("sleep", "seconds must be 0 or more, got %s", tostring(seconds)) end
    call("sleep", seconds)
end

function confirm(question)
    expect("confirm", "the question", question, "string")
    return call("confirm", question)
end

-- values ----------------------------------------------------------------------------------------------------------------

_G.null = null
json = {
    encode = function(value, options)
        return encode(value == nil and null or value, type(options) == "table" and options.pretty)
    end,
    decode = function(text)
        expect("json.decode", "the text", text, "string")
        return decode(text)
    end,
    array = function(list)
        expect("json.array", "the list", list, "table")
        return as_array(list)
    end,
}

-- csv (RFC 4180) --------------------------------------------------------------------------------------------------------

-- Its functions are in csv.lua, compiled when a script first uses one: most never do, and each run would take a quarter
-- longer to start.

local csv_functions
local function csv_function(name, ...)
    csv_functions = csv_functions or compile(csv_source)(as_array, byte, concat, encode, expect, find, format, gsub, invalid,
        is_secret, kind_of, next_key, null, number_type, pairs, sort, sub, tonumber, tostring, type)
    return csv_functions[name](...)
end
csv = {
    decode = function(...) return csv_function("decode", ...) end,
    encode = function(...) return csv_function("encode", ...) end,
}

secrets = {
    generate = function(length)
        length = length == nil and 24 or length
        if number_type(length) ~= "integer" or length < 8 or length > 256 then
            invalid("secrets.generate", "the length must be an integer from 8 to 256, got %s", tostring(length))
        end
        return call("secrets.generate", length)
    end,
    reveal = function(secret)
        if not is_secret(secret) then invalid("secrets.reveal", "expected a secret, got %s", kind_of(secret)) end
        return call("secrets.reveal", secret)
    end,
}

-- parallel --------------------------------------------------------------------------------------------------------------

-- parallel(items, width, work): calls work(item, index) for every item of a list, or of an iterator, with up to `width`
-- of them waiting for their calls at the same time. After a failure no further item is begun; those under way are
-- waited for, then the first failure is raised. Returns the results that are not nil, in the order of the items.
function parallel(items, width, work)
    local next_item
    if type(items) == "function" then
        next_item = items
    elseif type(items) == "table" then
        local index = 0
        next_item = function()
            index = index + 1
            return items[index]
        end
    else
        invalid("parallel", "the first argument must be a list or an iterator such as users.each { … }, got %s", kind_of(items))
    end
    if number_type(width) ~= "integer" or width < 1 or width > 1000 then
        invalid("parallel", "the second argument must be how many at once, an integer from 1 to 1000, got %s", tostring(width))
    end
    expect("parallel", "the third argument", work, "function")
    if not can_call() then
        invalid("parallel", "it cannot wait inside a sort comparison, a gsub replacement, a __tostring, a load reader, or a "
            .. "__close that coroutine.close runs: call it before or after")
    end

    local parent, active, count = current_task(), 0, 0
    local results, failure = {}, nil
    local function run(index, item)
        local ok, value = pcall(work, item, index)
        if ok then
            results[index] = value
        elseif not failure then
            failure = { value }
        end
        active = active - 1
        wake(parent)
    end
    while not failure do
        if active >= width then
            park()
        else
            local ok, item = pcall(next_item)
            if not ok then
                failure = failure or { item }
            elseif item == nil then
                break
            elseif not failure then
                count, active = count + 1, active + 1
                spawn(run, count, item)
            end
        end
    end
    while active > 0 do park() end
    if failure then error(failure[1], 0) end
    local kept = as_array {}
    for index = 1, count do
        if results[index] ~= nil then kept[#kept + 1] = results[index] end
    end
    return kept
end

-- users: what the console has no single operation for -------------------------------------------------------------------

if users then
    local page, get, update = users.page, users.get, users.update
    local get_sites, set_sites = users.sites, users.set_sites
    local get_groups, set_groups = users.asset_groups, users.set_asset_groups
    local PAGE_SIZE = 500 -- the console's maximum; its default of 10 hides users from those who do not ask

    local readers = {
        id = function(user) return user.id end,
        login = function(user) return user.login end,
        name = function(user) return user.name end,
        email = function(user) return user.email end,
        locked = function(user) return user.locked == true end,
        enabled = function(user) return user.enabled == true end,
        role = function(user) return user.role and user.role.id end,
        source = function(user) return user.authentication and user.authentication.type end,
    }
    local filter_names = "email, enabled, id, locked, login, name, role, source"

    -- A function that tells whether a user meets every condition; of a list of values any one will do.
    local function matcher(operation, filter)
        if filter == nil then filter = {} end
        expect(operation, "the filter", filter, "table")
        local tests = {}
        for name, wanted in pairs(filter) do
            local read = readers[name]
            if not read then
                invalid(operation, "there is no filter '%s'; there are: %s", tostring(name), filter_names)
            end
            local boolean = name == "locked" or name == "enabled"
            local accepted = {}
            for _, value in ipairs(type(wanted) == "table" and wanted or { wanted }) do
                if boolean and type(value) ~= "boolean" then
                    invalid(operation, "the filter %s must be true or false, got %s", name, kind_of(value))
                elseif not boolean and type(value) ~= "string" and number_type(value) ~= "integer" then
                    invalid(operation, "the filter %s must be a string, got %s", name, kind_of(value))
                end
                accepted[value] = true
            end
            tests[#tests + 1] = function(user)
                local value = read(user)
                return value ~= nil and accepted[value] == true
            end
        end
        return function(user)
            for index = 1, #tests do
                if not tests[index](user) then return false end
            end
            return true
        end
    end

    -- An iterator over the users that meet the filter, in the order of their ids. The next page is fetched while the
    -- script works on the current one. A user who is deleted meanwhile moves later ones to an earlier page: pages are
    -- then fetched again from where a user may have been passed over, and those already seen are left out by id.
    local function each(filter)
        local matches = matcher("users.each", filter)
        local list, position, last_id, total = {}, 0, -1, nil
        local fetching, fetched, waiters, index, failure, restarts = false, nil, {}, 0, nil, 0
        local finished, turned = false, 0

        local function fetch()
            local ok, found, info = pcall(page, { page = index, size = PAGE_SIZE, sort = { "id,ASC" } })
            fetched, fetching = { ok = ok, list = found, info = info }, false
            local tasks = waiters
            waiters = {}
            for position = 1, #tasks do wake(tasks[position]) end
        end
        local function begin_fetch()
            if not can_call() then
                invalid("users.each", "the next page cannot be fetched inside a sort comparison, a gsub replacement, a "
                    .. "__tostring, a load reader, or a __close that coroutine.close runs: gather the users in a list first")
            end
            fetching = statement -- with which it is stopped
            spawn(fetch)
        end

        -- Makes the next page the current one; whoever else waits finds it there.
        local function next_page()
            local before = turned
            if fetching ~= statement and not fetched then begin_fetch() end
            while fetching == statement and turned == before do
                waiters[#waiters + 1] = current_task()
                park()
            end
            if turned ~= before or not fetched then return end -- another task has turned the page
            turned = turned + 1
            local result = fetched
            fetched = nil
            if not result.ok then
                failure = { result.list }
                return
            end
            local pages, resources = result.info.totalPages, result.info.totalResources
            local here = index
            index = here + 1
            if total and resources and resources < total then
                -- Users were deleted: some may stand on pages before this one now.
                restarts = restarts + 1
                if restarts > 1000 + resources then
                    failure = { { kind = "unavailable", operation = "users.each", message = "the console's list of users keeps shrinking" } }
                    return
                end
                index = here - floor((total - resources - 1) / PAGE_SIZE) - 1
                if index < 0 then index = 0 end
                total = resources
                begin_fetch()
                return
            end
            total = resources or total
            list, position = result.list, 0
            -- A console that does not tell how many there are: a full page may have another behind it.
            if pages and index < pages or not pages and #result.list == PAGE_SIZE then
                begin_fetch()
            else
                finished = true
            end
        end

        return function()
            while true do
                if failure then
                    if type(failure[1]) == "table" then raise(failure[1]) end
                    error(failure[1], 0)
                end
                position = position + 1
                local user = list[position]
                if user then
                    if type(user.id) ~= "number" or user.id > last_id then
                        if type(user.id) == "number" then last_id = user.id end
                        if matches(user) then return user end
                    end
                elseif finished then
                    return nil
                else
                    next_page()
                end
            end
        end
    end

    users.each = each

    -- The first user that meets the filter, or nil.
    function users.find(filter)
        if type(filter) ~= "table" then invalid("users.find", "expected a filter such as { login = \"…\" }, got %s", kind_of(filter)) end
        local next_user = each(filter)
        return next_user()
    end

    -- All users that meet the filter, in a list: for as many as fit into memory.
    function users.list(filter)
        local next_user, list = each(filter), as_array {}
        for user in next_user do list[#list + 1] = user end
        return list
    end

    local nested = { role = true, authentication = true, locale = true }
    local writable = {
        authentication = true, email = true, enabled = true, locale = true, locked = true, login = true, name = true,
        password = true, passwordResetOnLogin = true, role = true,
    }

    -- Merges `changes` into `current`; returns the result and whether anything differs. `null` clears a field.
    local function merge(current, changes)
        local merged, differs = {}, false
        for name, value in pairs(current) do merged[name] = value end
        for name, value in pairs(changes) do
            if type(value) == "table" and type(current[name]) == "table" then
                local inner, inner_differs = merge(current[name], value)
                merged[name], differs = inner, differs or inner_differs
            else
                if value == null then value = nil end
                if merged[name] ~= value then differs = true end
                merged[name] = value
            end
        end
        return merged, differs
    end

    -- Changes some fields of a user and keeps the rest. The console's own update replaces everything and drops the
    -- access to single sites and asset groups, so this reads the user and that access first, writes the whole user,
    -- and restores the access. Returns whether anything was changed.
    local function patch(id, changes)
        if type(changes) ~= "table" then invalid("users.patch", "changes must be a table, got %s", kind_of(changes)) end
        for name, value in pairs(changes) do
            if not writable[name] then
                invalid("users.patch", "there is no field '%s' to change; there are: authentication, email, enabled, "
                    .. "locale, locked, login, name, password, passwordResetOnLogin, role", tostring(name))
            end
            if name == "role" and type(value) == "string" then
                local copy = {}
                for key, other in pairs(changes) do copy[key] = other end
                copy.role = { id = value }
                return patch(id, copy)
            end
            if nested[name] and type(value) ~= "table" then
                invalid("users.patch", "%s must be a table, got %s", name, kind_of(value))
            end
        end
        local user = get(id)
        local merged, differs = merge(user, changes)
        if not differs then return false end
        -- Who has access to all of them has none of his own to be given back: the console would name every one.
        local role, before = merged.role or {}, user.role or {}
        local sites = role.allSites ~= true and before.allSites ~= true and get_sites(id) or {}
        local groups = role.allAssetGroups ~= true and before.allAssetGroups ~= true and get_groups(id) or {}
        -- From here the user is without access until it is restored: the host promises the changes, and if the run ends in
        -- between it makes the rest of them itself.
        call("users.patch", id, sites, groups)
        local ok, failure = pcall(update, id, merged)
        -- An update that nobody answered may have been carried out.
        local unanswered = not ok and type(failure) == "table" and failure.status == nil
            and (failure.kind == "timeout" or failure.kind == "network")
        local lost = {}
        local function restore(name, set, ids)
            if not (ok or unanswered) or #ids == 0 then return end
            local restored, problem = pcall(set, id, ids)
            if restored then return end
            local texts = {}
            for index, value in ipairs(ids) do texts[index] = tostring(value) end
            lost[#lost + 1] = format("%s (%s): give it back with users.set_%s(%s, { %s })", name, tostring(problem), name,
                tostring(id), concat(texts, ", "))
        end
        restore("sites", set_sites, sites)
        restore("asset_groups", set_groups, groups)
        note("composite.end")
        if not ok then
            if type(failure) == "table" then raise(failure) end
            error(failure, 0)
        end
        if #lost > 0 then
            raise {
                kind = "unavailable", operation = "users.patch",
                message = format("user %s was updated, but could not be given back access to %s", tostring(id),
                    concat(lost, "; and to ")),
            }
        end
        return true
    end

    users.patch = patch
    function users.enable(id) return patch(id, { enabled = true }) end
    function users.disable(id) return patch(id, { enabled = false }) end
end

-- what is not there, and what to use instead ------------------------------------------------------------------------------

local function unavailable(name, advice, level) error(format("%s is not available in a runbook: %s", name, advice), level + 1) end

local no_files = "a runbook has no files; return a result, or write it to the log with log.info"
local no_input = "a runbook reads no input; take it as a parameter, or ask a yes-or-no question with confirm"
local no_output = "write with print or log.info, or return a result"
local no_processes =
    "a runbook starts no processes; what it may do are its operations, such as users.get"
local keep_in_table = "a runbook has no files; keep what it needs in a table"
local one_file = "a runbook is one file; put shared functions in it"
local host_limits = "the host limits time and memory: see limits in runbook { … }"

-- Advice for a member, or for every member that is not named (`default`).
local missing = {
    io = {
        close = no_files, input = no_input, lines = no_files, open = no_files, output = no_output,
        popen = no_processes,
        read = no_input, stderr = "write with log.error", stdin = no_input, stdout = no_output,
        tmpfile = keep_in_table, type = no_files, write = no_output,
        default = no_files,
    },
    debug = {
        traceback = "the host shows the traceback of an error; raise it with error",
        getinfo = "the host shows file and line of an error and of a log line",
        sethook = host_limits,
        gethook = host_limits,
        getmetatable = "use getmetatable", setmetatable = "use setmetatable",
        default = "a runbook has no debugger; the host shows the traceback of an error",
    },
    package = { default = one_file },
    os = {
        execute = no_processes,
        exit = "use return or error(\"why\")",
        getenv = "declare a parameter in runbook { params = … } and pass a value with --param",
        remove = no_files, rename = no_files,
        setlocale = "the locale is always C",
        tmpname = keep_in_table,
    },
    string = { dump = "functions cannot be turned into bytecode; keep the source text, and load it" },
}

io, debug, package = {}, {}, {}
for name, advice in pairs(missing) do
    local function refuse(_, key)
        local text = advice[key] or advice.default
        if text and type(key) == "string" then unavailable(name .. "." .. key, text, 2) end
    end
    setmetatable(_G[name], {
        __index = refuse,
        __call = advice.default and function() unavailable(name, advice.default, 2) end or nil,
        __metatable = name,
    })
end
for name, advice in pairs {
    require = one_file,
    dofile = one_file,
    loadfile = "a runbook is one file; load compiles text",
    warn = "use log.warn",
} do
    _G[name] = function() unavailable(name, advice, 2) end
end

-- A misspelt function says so where it is called, not as "a nil value".
for _, name in ipairs { "users", "roles", "privileges", "twofa", "auth_sources", "xpanse", "log", "json", "csv", "secrets" } do
    local members = _G[name]
    if type(members) == "table" then
        setmetatable(members, {
            __index = function(_, key)
                local names = {}
                for other in pairs(members) do
                    if type(other) == "string" then names[#names + 1] = other end
                end
                error(format("there is no %s.%s; there are: %s", name, tostring(key), concat(names, ", ")), 2)
            end,
            __metatable = name,
        })
    end
end

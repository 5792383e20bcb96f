-- A session's statements: what goes on in the same chunk after prelude.lua, whose locals it uses. In a run it is not even
-- compiled.

local run, entries, origin = rb.run, rb.entries, rb.origin
local rawget, rawset = rawget, rawset
local utf8_length = utf8.len
local globals = _G

local STATEMENT, NAMES = 0, 2 -- kinds
local FIRST_NAMES = 1000

-- What is shown of a value: bytes of a text by itself, of one inside a table, and of these in all; elements or entries
-- of a table; tables within tables; and parts in all.
local shown = { text = 65536, inner = 4096, texts = 2097152, list = 1000, depth = 8, parts = 50000 }
-- What is too large is refused: as JSON a table takes two levels, and the codec has 64.
local whole = { text = 1 << 40, inner = 1 << 40, texts = 1 << 40, list = 200000, depth = 30, parts = 200000, is_whole = true }
local LEAST_TEXT = 64

-- By a level of its own, so that the host can show it as it is.
function print(...)
    local texts = pack(...)
    for index = 1, texts.n do texts[index] = tostring(texts[index]) end
    note("log", "print", concat(texts, "\t", 1, texts.n))
end

local names = {} -- of functions
local function name_functions(prefix, members)
    for name, value in pairs(members) do
        if type(name) == "string" and type(value) == "function" then names[value] = names[value] or prefix .. name end
    end
end
name_functions("", globals)
for name, value in pairs(globals) do
    if type(value) == "table" and value ~= globals then name_functions(name .. ".", value) end
end

local function function_text(value)
    local name = names[value]
    if name then return "function " .. name end
    local source, line = origin(value)
    return source and format("function %s:%d", source, line) or "function"
end

local function escape(character)
    return character == "\\" and "\\\\" or format("\\x%02x", byte(character))
end

-- A text, or its beginning if it is longer than that.
local function describe_text(text, most)
    local length, beginning = #text, text
    if length > most then
        local last = most
        while last > most - 4 and last > 0 and byte(text, last + 1) & 0xc0 == 0x80 do last = last - 1 end
        beginning = sub(text, 1, last)
    end
    if utf8_length(beginning) then
        return #beginning == length and text or { "string", beginning, length }
    end
    if #beginning > most // 4 then beginning = sub(beginning, 1, most // 4) end
    return { "bytes", (gsub(beginning, "[\\%c\x80-\xff]", escape)), length }
end

-- Describes values for a person: what JSON has a form for, and secrets, as they are, whatever else as an array of a tag and
-- its facts. No metamethod is called: what is shown is what is there.
local function describer(limits)
    local parts, texts = limits.parts, limits.texts
    local open, walked = {}, {} -- the tables around, and large ones that were walked before

    local function look_through(value)
        local known = walked[value]
        if known then return known.count, known.is_list, known.keys end
        local count, is_list, keys = entries(value, limits.list)
        if count > shown.list then walked[value] = { count = count, is_list = is_list, keys = keys } end
        return count, is_list, keys
    end

    local function is_too_much(depth)
        if parts > 0 and depth <= limits.depth then return false end
        if not limits.is_whole then return true end
        error(parts > 0 and format("the value is nested more than %d levels deep, too deep to be given out whole", limits.depth)
            or format("the value has more than %d parts, too many to be given out whole", limits.parts), 0)
    end

    local describe

    local function describe_table(value, depth)
        if open[value] then return { "cycle" } end
        local count, is_list, keys = look_through(value)
        if count == 0 then return { is_list and "list" or "table", as_array {}, 0 } end
        if is_too_much(depth) then return { "omitted", count } end
        open[value] = true
        local content, size = as_array {}, 0
        for index = 1, not is_list and #keys or count < limits.list and count or limits.list do
            if is_too_much(depth) then break end
            if is_list then
                content[index] = describe(rawget(value, index), depth + 1)
            else
                local key = keys[index]
                content[size + 1] = describe(key, depth + 1)
                content[size + 2] = describe(rawget(value, key), depth + 1)
                size = size + 2
            end
        end
        open[value] = nil
        return { is_list and "list" or "table", content, count }
    end

    function describe(value, depth)
        parts = parts - 1
        local kind = type(value)
        if kind == "nil" then return null end
        if kind == "boolean" then return value end
        if kind == "string" then
            if depth == 1 then return describe_text(value, limits.text) end
            local most = texts < limits.inner and texts or limits.inner
            if most < LEAST_TEXT then most = LEAST_TEXT end
            texts = texts - (#value < most and #value or most)
            return describe_text(value, most)
        end
        if kind == "number" then
            if number_type(value) == "integer" then return value end
            return { "float", value ~= value and "nan" or tostring(value) }
        end
        if kind == "table" then return describe_table(value, depth) end
        if kind == "function" then return { "opaque", function_text(value) } end
        if value == null then return { "null" } end
        if is_secret(value) then return value end
        return { "opaque", kind == "thread" and "coroutine" or kind }
    end

    return describe
end

-- The names in the table at the end of a path from the globals, with the kinds of their values.
local function describe_names(path)
    local place = globals
    for index = 1, #path do
        if type(place) ~= "table" then break end
        place = rawget(place, path[index])
    end
    if type(place) ~= "table" then return as_array { null } end
    local count, _, keys = entries(place, FIRST_NAMES, true)
    local found = as_array {}
    for index = 1, #keys do
        local name, value = keys[index], rawget(place, keys[index])
        if utf8_length(name) and #name <= 256 then
            found[#found + 1] = name
            found[#found + 1] = value == null and "null" or is_secret(value) and "secret" or type(value)
        end
    end
    return as_array { { "table", found, count } }
end

-- Tasks that have not ended; the statement's own waits for them, so that an iterator that is kept goes on with what is
-- fetched for it. Those of a statement that is stopped end with it.
local spawn_task, tasks, main = spawn, 0, nil
local function work_in_task(work, ...)
    work(...)
    tasks = tasks - 1
    if tasks == 0 and main then wake(main) end
end
spawn = function(...)
    tasks = tasks + 1
    return spawn_task(work_in_task, ...)
end

rb.on_statement(function(chunk, kind)
    statement, tasks, main = statement + 1, 0, nil
    if kind == NAMES then return describe_names(run(chunk)) end
    local results = pack(run(chunk))
    main = current_task()
    while tasks > 0 do park() end
    if kind == STATEMENT and results[1] ~= nil then rawset(globals, "_", results[1]) end
    local limits = kind == STATEMENT and shown or whole
    local describe, described = describer(limits), as_array {}
    for index = 1, results.n < limits.list and results.n or limits.list do described[index] = describe(results[index], 1) end
    return described
end)

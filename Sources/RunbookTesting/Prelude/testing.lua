-- What a test file finds besides the functions of a runbook. It stands before the file's own first line, on that line:
-- so every statement here ends with a semicolon or a keyword, and comments stand on lines of their own.
do
    local report_case, report_check, report_broken = testing.case, testing.checked, testing.broken;
    local report_named = testing.named;
    local error, ipairs, pairs, pcall, select = error, ipairs, pairs, pcall, select;
    local tostring, type = tostring, type;
    local concat, gsub, match, number_type, sub = table.concat, string.gsub, string.match, math.type, string.sub;
    local utf8_length = utf8.len;
    testing = nil;

    local function position(level)
        local _, text = pcall(error, "", level + 2);
        return match(text, "^(.-): ?$") or "";
    end

-- A key of a list that is no place in it; nil if there is none.
    local function odd_key(list)
        local count, odd = 0, nil;
        for _ in pairs(list) do count = count + 1 end
        for key in pairs(list) do
            if number_type(key) ~= "integer" or key < 1 or key > count then
                key = tostring(key);
                if not odd or key < odd then odd = key end
            end
        end
        return odd;
    end

-- { "users.unlock", 7, status = 500 }: a call, and what the server answers to it.
    local function refusals(list)
        if type(list) ~= "table" or odd_key(list) then return list end
        local read = {};
        for index, entry in ipairs(list) do
            if type(entry) == "table" then
                local call, fields = {}, {};
                for key, value in pairs(entry) do
                    if number_type(key) == "integer" then call[key] = value else fields[key] = value end
                end
                read[index] = { call = call, fields = fields };
            else
                read[index] = { call = entry };
            end
        end
        return read;
    end

-- What is wrong with the shape of a list, as far as it could not be said of its JSON; nil for nothing.
    local function misshapen(fields, prefix)
        local odd = prefix == "" and type(fields.refuse) == "table" and odd_key(fields.refuse);
        if odd then
            return "refuse takes a list of calls, such as { { \"users.unlock\", 7, status = 500 } }, and no key " .. odd;
        end
        if type(fields.changes) == "table" then
            for index, entry in ipairs(fields.changes) do
                local odd;
                for key in pairs(type(entry) == "table" and entry or {}) do
                    key = number_type(key) ~= "integer" and tostring(key) or nil;
                    if key and (not odd or key < odd) then odd = key end
                end
                if odd then
                    return prefix .. "changes[" .. index .. "] takes an operation and its arguments, and no key " .. odd;
                end
            end
        end
        if type(fields.log) == "table" then
            for index, entry in ipairs(fields.log) do
                if type(entry) ~= "string" then
                    return prefix .. "log[" .. index .. "] must be a string, a part of a log line";
                end
            end
        end
        if prefix == "" and type(fields.again) == "table" then return misshapen(fields.again, "again.") end
    end

-- What a check raised, as text.
    local function told(failure)
        local is_made, text = pcall(tostring, failure);
        if not is_made then return "an error that cannot be made into text" end
        local parts, from = {}, 1;
        while true do
            local length, fault = utf8_length(text, from);
            if length then
                parts[#parts + 1] = sub(text, from);
                return concat(parts);
            end
            parts[#parts + 1] = sub(text, from, fault - 1) .. "\u{fffd}";
            from = fault + 1;
        end
    end

    function test(name, ...)
        local where = position(2);
        if type(name) ~= "string" or name == "" then
            error("a test must have a name: write test \"what it does\" { … }", 2);
        end
        if not utf8_length(name) then error("the name of a test must be UTF-8 text", 2) end
        if select("#", ...) > 0 then
            error("a test takes its name alone, and its fields behind it: write test \"" .. name .. "\" { … }", 2);
        end
        report_named(name, where);
        return function(fields)
            if type(fields) ~= "table" then
                error("the test \"" .. name .. "\" must be a table: write test \"" .. name .. "\" { … }", 2);
            end
            local case, check = {}, nil;
            for key, value in pairs(fields) do
                if key == "check" then check = value
                elseif key == "refuse" then case.refuse = refusals(value)
                else case[key] = value end
            end
            if check ~= nil and type(check) ~= "function" then
                return report_broken(name, where, "check must be a function, not a " .. type(check));
            end
            local fault = misshapen(fields, "");
            if fault then return report_broken(name, where, fault) end
            local sent, run = pcall(report_case, name, where, case);
            if not sent then
-- The case is an argument to the runner alone.
                local fault = gsub(type(run) == "table" and run.message or tostring(run), "^argument 3%.", "");
                return report_broken(name, where, fault);
            end
            if run then
                local ok, failure = true, nil;
                if check then ok, failure = pcall(check, run) end
                if ok and failure == false then ok, failure = false, "check returned false" end
                report_check(ok, not ok and told(failure) or "");
            end
        end
    end
end

-- The functions of `csv` (RFC 4180): a chunk of its own, which prelude.lua compiles when one is first used, and which it
-- gives what it needs of its locals.

local as_array, byte, concat, encode, expect, find, format, gsub, invalid, is_secret, kind_of, next_key, null, number_type,
    pairs, sort, sub, tonumber, tostring, type = ...
local QUOTE, LINE_FEED, RETURN = 34, 10, 13

local function csv_options(operation, options, known)
    if options == nil then return {} end
    expect(operation, "the options", options, "table")
    for name, value in pairs(options) do
        if not known[name] then
            local names = {}
            for other in pairs(known) do names[#names + 1] = other end
            invalid(operation, "there is no option '%s'; there are: %s", tostring(name), concat(names, ", "))
        end
        expect(operation, "the option " .. name, value, known[name])
    end
    local separator = options.separator
    if separator and not (#separator == 1 and find(separator, "^[%p\t]$") and separator ~= '"') then
        invalid(operation, "the separator must be one sign such as \",\", \";\" or a tab, got %q", separator)
    end
    return options
end

local function csv_list(operation, name, list)
    expect(operation, name, list, "table")
    if #list == 0 and next_key(list) ~= nil then
        invalid(operation, "%s must be a list, and this table has names", name)
    end
end

local function csv_columns(operation, columns)
    csv_list(operation, "the option columns", columns)
    for index = 1, #columns do expect(operation, format("column %d", index), columns[index], "string") end
end

-- In linear time, as a pattern would not.
local function csv_trimmed(text)
    local first, last = find(text, "%S"), #text
    if not first then return "" end
    while find(text, "^%s", last) do last = last - 1 end
    return sub(text, first, last)
end

-- The cells of each line, and the line's number; a quoted cell may reach over several lines.
local function csv_rows(text, separator)
    local rows, lines, count = {}, {}, 0
    local position, line, length = 1, 1, #text
    local separator_byte, ends = byte(separator), '[\r\n"%' .. separator .. "]"
    if sub(text, 1, 3) == "\xef\xbb\xbf" then position = 4 end
    while position <= length do
        local cells, size, first_line, quoted = {}, 0, line, false
        repeat
            local cell
            if byte(text, position) == QUOTE then
                local begun, from = line, position + 1
                local stop
                repeat
                    stop = find(text, '"', from, true)
                    if not stop then invalid("csv.decode", "line %d: the quote that begins a cell here is never closed", begun) end
                    from = stop + 2
                until byte(text, stop + 1) ~= QUOTE
                cell, quoted = gsub(sub(text, position + 1, stop - 1), '""', '"'), true
                local _, breaks = gsub(cell, "\n", "")
                line, position = line + breaks, stop + 1
            else
                local stop = find(text, ends, position) or length + 1
                if byte(text, stop) == QUOTE then
                    invalid("csv.decode", "line %d: there is a quote within a cell: put the whole cell in quotes, and write "
                        .. "the one inside twice", line)
                end
                cell, position = sub(text, position, stop - 1), stop
            end
            size = size + 1
            cells[size] = cell
            local after = byte(text, position)
            local is_separator = after == separator_byte
            if is_separator then
                position = position + 1
            elseif after == RETURN then
                position = position + (byte(text, position + 1) == LINE_FEED and 2 or 1)
            elseif after == LINE_FEED then
                position = position + 1
            elseif after then
                invalid("csv.decode", "line %d: after the quote that closes a cell there is more of it", line)
            end
        until not is_separator
        line = line + 1
        if size > 1 or quoted or cells[1] ~= "" then
            count = count + 1
            rows[count], lines[count] = as_array(cells), first_line
        end
    end
    return rows, lines, count
end

local function csv_header(cells, line, wanted)
    local columns, seen = {}, {}
    for index = 1, #cells do
        local name = csv_trimmed(cells[index])
        if name == "" then invalid("csv.decode", "line %d: the header's cell %d is empty: name the column", line, index) end
        if seen[name] then invalid("csv.decode", "line %d: the header names the column '%s' twice", line, name) end
        columns[index], seen[name] = name, true
    end
    local missing = {}
    for index = 1, #wanted do
        if not seen[wanted[index]] then missing[#missing + 1] = wanted[index] end
    end
    if #missing > 0 then
        invalid("csv.decode", "line %d: the column%s missing: %s; there are: %s", line,
            #missing == 1 and " is" or "s are", concat(missing, ", "), concat(columns, ", "))
    end
    return columns
end

local CELL_TYPES = { string = true, number = true, boolean = true }

local function csv_cell(value, row, column)
    if value == nil or value == null then return "" end
    if type(value) == "table" then
        local parts = {}
        for index = 1, #value do
            if not CELL_TYPES[type(value[index])] then
                invalid("csv.encode", "row %d, column %s: the list holds %s, which no cell can", row, column, kind_of(value[index]))
            end
            parts[index] = csv_cell(value[index], row, column)
        end
        if #parts > 0 or next_key(value) == nil then return concat(parts, ";") end
    end
    if not CELL_TYPES[type(value)] then
        invalid("csv.encode", "row %d, column %s: %s cannot be written into a cell", row, column,
            is_secret(value) and "a secret" or kind_of(value))
    end
    if number_type(value) ~= "float" then return tostring(value) end
    if value ~= value or value == 1 / 0 or value == -1 / 0 then
        invalid("csv.encode", "row %d, column %s: %s is no number that can be written", row, column,
            value ~= value and "NaN" or tostring(value))
    end
    return encode(value) -- with all its digits
end

return {
    -- Reads CSV: a list of records by the header's names, or of lists if there is no header, and a list of their lines.
    decode = function(text, options)
        expect("csv.decode", "the text", text, "string")
        options = csv_options("csv.decode", options, { columns = "table", header = "boolean", separator = "string" })
        if options.columns then
            csv_columns("csv.decode", options.columns)
            if options.header == false then
                invalid("csv.decode", "columns are looked for in the header, and header = false says that there is none")
            end
        end
        local rows, lines, count = csv_rows(text, options.separator or ",")
        if options.header == false then return as_array(rows), lines end
        local wanted = options.columns or {}
        if count == 0 and #wanted > 0 then
            invalid("csv.decode", "there is no header line: it must name the columns %s", concat(wanted, ", "))
        end
        local columns = count > 0 and csv_header(rows[1], lines[1], wanted) or {}
        local records, places = as_array {}, {}
        for index = 2, count do
            local cells, record = rows[index], {}
            if #cells ~= #columns then
                invalid("csv.decode", "line %d has %d cell%s, and the header has %d", lines[index], #cells,
                    #cells == 1 and "" or "s", #columns)
            end
            for column = 1, #columns do record[columns[column]] = cells[column] end
            records[index - 1], places[index - 1] = record, lines[index]
        end
        return records, places
    end,
    -- Writes records, or lists, as CSV.
    encode = function(rows, options)
        csv_list("csv.encode", "the rows", rows)
        options = csv_options("csv.encode", options,
            { columns = "table", header = "boolean", separator = "string", spreadsheet = "boolean" })
        local separator, columns = options.separator or ",", options.columns
        if columns then csv_columns("csv.encode", columns) end
        for index = 1, #rows do
            expect("csv.encode", format("row %d", index), rows[index], "table")
            if not columns and options.header == false then csv_list("csv.encode", format("row %d", index), rows[index]) end
        end
        if not columns and options.header ~= false then
            columns = {}
            local seen = {}
            for index = 1, #rows do
                for name in pairs(rows[index]) do
                    if type(name) ~= "string" then
                        invalid("csv.encode", "row %d is a list: name the columns, or write header = false", index)
                    end
                    if not seen[name] then
                        seen[name] = true
                        columns[#columns + 1] = name
                    end
                end
            end
            sort(columns)
        end
        local special, texts = '[\r\n"%' .. separator .. "]", {}
        local function line(cells, size)
            for index = 1, size do
                local cell = cells[index]
                if options.spreadsheet and find(cell, "^[=+@\t\r-]") and not tonumber(cell) then cell = "'" .. cell end
                if find(cell, special) or find(cell, "^%s") or find(cell, "%s$") or cell == "" and size == 1 then
                    cell = '"' .. gsub(cell, '"', '""') .. '"'
                end
                cells[index] = cell
            end
            texts[#texts + 1] = concat(cells, separator)
        end
        if columns and options.header ~= false then
            local cells = {}
            for index = 1, #columns do cells[index] = csv_cell(columns[index], 0, index) end
            line(cells, #cells)
        end
        for number = 1, #rows do
            local row, cells = rows[number], {}
            local is_list = row[1] ~= nil
            if is_list and columns and #row > #columns then
                invalid("csv.encode", "row %d has %d cells, and there are %d columns", number, #row, #columns)
            end
            local size = columns and #columns or #row
            for index = 1, size do
                local name = columns and columns[index] or index
                cells[index] = csv_cell(row[is_list and index or name], number, tostring(name))
            end
            line(cells, size)
        end
        texts[#texts + 1] = ""
        return concat(texts, "\n")
    end,
}

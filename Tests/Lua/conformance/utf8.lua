-- The utf8 library.
local function raises(message, f, ...)
    local ok, problem = pcall(f, ...)
    assert(not ok and problem == message, tostring(problem))
end

assert(utf8.char() == "" and utf8.char(72, 228, 8364, 0x10FFFF) == "Hä€\u{10FFFF}" and #utf8.char(0x7FFFFFFF) == 6 and utf8.char(0) == "\0")
raises("bad argument #1 to 'utf8.char' (value out of range)", utf8.char, -1)
raises("bad argument #2 to 'utf8.char' (value out of range)", utf8.char, 65, 0x80000000)
assert(utf8.charpattern == "[\0-\x7F\xC2-\xFD][\x80-\xBF]*")
local found = {}
for character in ("aä€"):gmatch(utf8.charpattern) do found[#found + 1] = #character end
assert(table.concat(found, " ") == "1 2 3")

assert(utf8.len("") == 0 and utf8.len("äö") == 2 and utf8.len("abc", 2) == 2 and utf8.len("abc", 4) == 0 and utf8.len("äö", -2) == 1 and utf8.len("abc", 3, 2) == 0)
local bad, at = utf8.len("ab\xff")
assert(bad == nil and at == 3 and select(2, utf8.len("\u{D800}")) == 1 and select(2, utf8.len("\xC0\x80")) == 1 and select(2, utf8.len("ä", 2)) == 2)
assert(utf8.len("\u{7FFFFFFF}", 1, -1, true) == 1 and utf8.len("\u{7FFFFFFF}") == nil and utf8.len("\u{D800}", 1, -1, true) == 1)
raises("bad argument #2 to 'utf8.len' (initial position out of bounds)", utf8.len, "abc", 5)
raises("bad argument #3 to 'utf8.len' (final position out of bounds)", utf8.len, "abc", 1, 4)

assert(utf8.codepoint("ä") == 228 and table.concat({ utf8.codepoint("aä€", 1, -1) }, " ") == "97 228 8364" and select("#", utf8.codepoint("abc", 3, 2)) == 0)
raises("invalid UTF-8 code", utf8.codepoint, "\xff")
raises("bad argument #2 to 'utf8.codepoint' (out of bounds)", utf8.codepoint, "a", 0, 1)
raises("bad argument #3 to 'utf8.codepoint' (out of bounds)", utf8.codepoint, "ab", 1, 9)

assert(utf8.offset("äöü", 1) == 1 and utf8.offset("äöü", 2) == 3 and utf8.offset("äöü", -1) == 5 and utf8.offset("abc", 4) == 4 and utf8.offset("abc", 5) == nil)
assert(utf8.offset("äöü", 0, 4) == 3 and utf8.offset("aä", 0, 1) == 1 and utf8.offset("äöü", 1, 3) == 3 and utf8.offset("", 1) == 1)
raises("initial position is a continuation byte", utf8.offset, "äö", 1, 2)
raises("bad argument #3 to 'utf8.offset' (position out of bounds)", utf8.offset, "abc", 1, 6)

local codes = {}
for position, code in utf8.codes("aä€\u{10FFFF}") do codes[#codes + 1] = position .. ":" .. code end
assert(table.concat(codes, " ") == "1:97 2:228 4:8364 7:1114111")
for _ in utf8.codes("") do error("nothing to visit") end
local function walk(text, lax)
    for _ in utf8.codes(text, lax) do end
end
assert(not pcall(walk, "a\xff") and not pcall(walk, "\u{D800}") and pcall(walk, "\u{D800}", true) and pcall(walk, "\u{7FFFFFFF}", true))
assert(select(2, pcall(walk, "ab\xe4")):find("invalid UTF-8 code", 1, true))

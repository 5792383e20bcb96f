-- string.pack, string.unpack, string.packsize.
local pack, unpack, size = string.pack, string.unpack, string.packsize
local function raises(message, f, ...)
    local ok, problem = pcall(f, ...)
    assert(not ok and problem == message, tostring(problem))
end
local function bytes(text) return table.concat({ text:byte(1, -1) }, " ") end

assert(bytes(pack("<i4", 100)) == "100 0 0 0" and bytes(pack(">i4", 100)) == "0 0 0 100" and bytes(pack("<i4", -1)) == "255 255 255 255")
assert(bytes(pack("b B", -1, 255)) == "255 255" and bytes(pack("<h H", -2, 65535)) == "254 255 255 255")
assert(bytes(pack(">I3", 0x010203)) == "1 2 3" and bytes(pack("<j", 1)) == "1 0 0 0 0 0 0 0" and #pack("l", 1) == 8)
assert(bytes(pack("z", "abc")) == "97 98 99 0" and bytes(pack("<s1", "abc")) == "3 97 98 99" and bytes(pack("<s2", "a")) == "1 0 97")
assert(bytes(pack("c5", "abc")) == "97 98 99 0 0" and bytes(pack("<d", 1.5)) == "0 0 0 0 0 0 248 63" and bytes(pack("<f", 1.5)) == "0 0 192 63")
assert(bytes(pack("<!4 i1 i4", 1, 2)) == "1 0 0 0 2 0 0 0" and bytes(pack("<i1 x i1", 1, 2)) == "1 0 2" and bytes(pack("<!4 i1 Xi4", 1)) == "1 0 0 0")
assert(bytes(pack("<i16", -2)) == "254" .. (" 255"):rep(15))

local function values(...) return table.concat({ ... }, " ") end
assert(values(unpack("<i4", "\1\0\0\0")) == "1 5" and values(unpack(">i2", "\1\2")) == "258 3" and values(unpack("b", "\xff")) == "-1 2")
assert(values(unpack("z", "abc\0def")) == "abc 5" and values(unpack("s1", "\3abcd")) == "abc 5" and values(unpack("c2", "abc")) == "ab 3")
assert(values(unpack("<i2 i2", "\1\0\2\0")) == "1 2 5" and values(unpack("B", "abc", 2)) == "98 3" and values(unpack("B", "abc", -1)) == "99 4")
assert(unpack("<d", pack("<d", math.pi)) == math.pi and unpack("<j", pack("<j", math.mininteger)) == math.mininteger)
assert(unpack("<I8", "\xff\xff\xff\xff\xff\xff\xff\xff") == -1 and unpack("<i16", pack("<i16", math.mininteger)) == math.mininteger)
assert(unpack("<n", pack("<n", 1 / 0)) == 1 / 0 and select("#", unpack("", "")) == 1)
assert(size("<i4i8") == 12 and size("!i4i8") == 16) -- only ! aligns
assert(size("<!4 i1 i4") == 8 and size("<i1i4") == 5 and size("c10") == 10 and size("") == 0 and size("!8 i1 d") == 16)

raises("integral size (17) out of limits [1,16]", pack, "i17", 1)
raises("bad argument #2 to 'string.pack' (integer overflow)", pack, "i1", 300)
raises("bad argument #2 to 'string.pack' (unsigned overflow)", pack, "I1", 256)
raises("bad argument #2 to 'string.pack' (string contains zeros)", pack, "z", "a\0b")
raises("bad argument #2 to 'string.pack' (string longer than given size)", pack, "c1", "ab")
raises("bad argument #2 to 'string.pack' (string length does not fit in given size)", pack, "s1", ("x"):rep(300))
raises("bad argument #2 to 'string.unpack' (data string too short)", unpack, "i4", "abc")
raises("bad argument #3 to 'string.unpack' (initial position out of string)", unpack, "i4", "abcd", 10)
raises("bad argument #2 to 'string.unpack' (unfinished string for format 'z')", unpack, "z", "abc")
raises("invalid format option 'Q'", pack, "Q", 1)
raises("bad argument #1 to 'string.packsize' (variable-length format)", size, "s")
raises("bad argument #1 to 'string.pack' (format asks for alignment not power of 2)", pack, "!3i4", 1)
raises("9-byte integer does not fit into Lua Integer", unpack, "<i9", "\0\0\0\0\0\0\0\0\1")

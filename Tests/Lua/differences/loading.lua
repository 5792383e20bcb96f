-- load takes text alone, whatever the mode.
local f, problem = load("\27Lua", "binary", "b")
assert(f == nil and problem == "attempt to load a binary chunk: only source text is run")
f, problem = load("\27Lua")
assert(f == nil and problem == "attempt to load a binary chunk: only source text is run")
f, problem = load(function() return "\27Lua" end)
assert(f == nil and problem == "attempt to load a binary chunk: only source text is run")
f, problem = load("return 1", "text", "b")
assert(f == nil and problem == "attempt to load a text chunk (mode is 'b')")
assert(string.dump == nil)

-- no position can be made to look like one of the host's own Lua
for _, name in ipairs { "=[runbook]", "@[runbook]", "=[runbook] ", "=[runbook]\0x", "@[runbook].lua" } do
    assert(select(2, pcall(load("error('here')", name))) == "(load):1: here")
    assert(select(2, load("x =", name)) == "(load):1: unexpected symbol near <eof>")
end
assert(select(2, pcall(load("error('here')", "[runbook]"))) == '[string "[runbook]"]:1: here')

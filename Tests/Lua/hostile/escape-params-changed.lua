-- expect: succeeded ["mine","theirs"]
-- Changes its parameters and the table that declares them, which is its own affair.
local manifest = { params = { name = { type = "string", default = "theirs" } } }
runbook(manifest)
local before = params.name
params.name = "mine"
manifest.params.name.default = "mine"
return { params.name, before }

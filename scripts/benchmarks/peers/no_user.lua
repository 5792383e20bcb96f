-- Makes no call: what a run costs anyway.
runbook { title = "Do nothing", needs = { "users:read" } }

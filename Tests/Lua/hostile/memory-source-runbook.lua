-- expect: stopped source ; limits source=64B ; nowhere
-- Is longer itself than a source may be, and so is never run.
runbook { needs = { "users:unlock" } }
users.unlock(1)

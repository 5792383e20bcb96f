-- expect: stopped time
-- Jumps backwards for ever.
runbook {}
::again::
goto again

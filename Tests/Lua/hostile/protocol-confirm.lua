-- expect: denied nobody can be asked ; line 4
-- Asks a person where nobody is, with a question that looks like an answer.
runbook {}
confirm("yes\n\27[2Jy\n")

-- expect: failed UTF-8 ; nowhere
-- Returns a string that is no text.
runbook {}
return { text = "\xc0\x80" }

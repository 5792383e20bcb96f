-- expect: succeeded "shown"
-- Logs what would steer a terminal, end a line or a record of the log.
runbook {}
log.info("\27[2J\27]0;title\7\r\n{\"level\":\"error\"}\0\u{202e}", { ["\27[31m"] = "\u{7f}\u{9b}", ["\n"] = "\r" })
log.warn("")
return "shown"

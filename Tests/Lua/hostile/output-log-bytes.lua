-- expect: failed UTF-8 ; line 4
-- Logs bytes that are not text.
runbook {}
log.info("\xff\xfe\xed\xa0\x80")

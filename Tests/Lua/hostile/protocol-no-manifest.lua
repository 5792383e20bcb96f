-- expect: failed has no manifest ; line 1
-- Ends without ever having declared itself.
return "done"

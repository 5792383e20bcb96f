import CRunbookVM
import Testing

/// What a runbook's result becomes: JSON, or the payload of the error that says why it cannot.
private func result(of script: String) throws -> (event: rb_event, payload: String) {
    let limits = rb_limits(memory: 64 << 20, source: 1 << 20, log: 1 << 20, result: 1 << 20, tasks: 8, slice: 1000)
    let machine = try #require(rb_machine_new(limits, 1))
    defer { rb_machine_free(machine) }
    try #require(rb_machine_start(machine, "test.lua", script, script.utf8.count))
    let event = rb_machine_step(machine)
    var length = 0
    let payload = try #require(rb_machine_payload(machine, &length))
    let bytes = UnsafeRawBufferPointer(start: payload, count: length)
    return (event, String(decoding: bytes, as: UTF8.self))
}

@Suite("JSON from Lua values")
struct JSONEncodingTests {
    @Test(
        "What JSON can hold is written",
        arguments: [
            ("return nil", "null"), ("return {}", "[]"),
            ("return {b = 1, a = {x = true}}", #"{"a":{"x":true},"b":1}"#),
            ("return {math.mininteger, 2^53, -0.0, 1e100}", "[-9223372036854775808,9007199254740992.0,-0.0,1e+100]"),
            // Elements that lie in the table in another order.
            ("local t = {} for i = 5, 1, -1 do t[i] = i end return t", "[1,2,3,4,5]"),
            // The same table twice is no cycle.
            ("local t = {1} return {t, t, {x = t, y = t}}", #"[[1],[1],{"x":[1],"y":[1]}]"#),
            // No code of the script runs while its value is written.
            ("return setmetatable({1}, {__index = error, __len = error, __pairs = error})", "[1]"),
        ])
    func writes(script: String, json: String) throws {
        let (event, payload) = try result(of: script)
        #expect(event == RB_EVENT_FINISHED)
        #expect(payload == json)
    }

    @Test(
        "What JSON cannot hold is refused with its path",
        arguments: [
            ("return {tags = {'a', 'b', tostring}}", "result.tags[3] is a function, which JSON cannot hold"),
            ("return coroutine.create(tostring)", "result is a thread, which JSON cannot hold"),
            (
                "return {['odd key'] = {['end'] = tostring}}",
                #"result[\"odd key\"][\"end\"] is a function, which JSON cannot hold"#
            ),
            ("local t = {} t.a = {b = {t}} return t", "result.a.b[1] is result again: JSON cannot hold a cycle"),
            ("local t = {x = {}} t.x.y = t.x return t", "result.x.y is result.x again: JSON cannot hold a cycle"),
            ("return {a = 0/0}", "result.a is not a number (NaN), which JSON cannot hold"),
            ("return {a = {-1/0}}", "result.a[1] is infinite, which JSON cannot hold"),
            ("return {1, nil, 3}", "result[2] is nil, but 3 is a key too"),
            ("return {[7] = 1}", "result[1] is nil, but 7 is a key too"),
            ("return {[1.5] = 1}", "result has keys that JSON cannot hold"),
            ("return {[true] = 1}", "result has keys that JSON cannot hold"),
            ("return {1, 2, x = 3}", "result has both strings and numbers as keys"),
            ("return {a = '\\xff'}", "result.a is a string that is not UTF-8"),
            ("return {a = 1, ['\\xff'] = 1}", #"result[\"\\xFF\"] has a name that is not UTF-8"#),
            ("return {['$secret'] = 1}", #"result[\"$secret\"] has a reserved name"#),
        ])
    func refuses(script: String, reason: String) throws {
        let (event, payload) = try result(of: script)
        #expect(event == RB_EVENT_FAILED)
        #expect(payload.contains(reason), "\(payload)")
    }

    @Test("Tables nest up to 64 levels, and a long path keeps its two ends")
    func depth() throws {
        let script = { (levels: Int) in
            "local top = {} local t = top for i = 2, \(levels) do t.a = {} t = t.a end return top"
        }
        let (good, json) = try result(of: script(64))
        #expect(good == RB_EVENT_FINISHED)
        #expect(json == String(repeating: "{\"a\":", count: 63) + "[]" + String(repeating: "}", count: 63))
        let (bad, payload) = try result(of: script(65))
        #expect(bad == RB_EVENT_FAILED)
        #expect(payload.contains("result.a.a.a"))
        #expect(payload.contains(".a….a."))
        #expect(payload.contains(".a.a.a is nested too deep: JSON is written up to 64 levels"))
    }
}

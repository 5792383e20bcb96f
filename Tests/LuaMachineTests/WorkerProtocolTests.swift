import Testing

@testable import LuaMachine

/// What the host takes from a worker, byte by byte.
@Suite struct WorkerProtocolTests {
    static func number(_ value: some FixedWidthInteger) -> [UInt8] {
        withUnsafeBytes(of: value.littleEndian) { Array($0) }
    }

    static func frame(_ type: Character, _ payload: [UInt8]) -> [UInt8] {
        number(UInt32(payload.count)) + [type.asciiValue ?? 0] + payload
    }

    static func record(
        _ id: UInt32, task: UInt32 = 1, line: UInt32 = 1, _ name: String = "users.get", _ arguments: String = "[]"
    ) -> [UInt8] {
        number(id) + number(task) + number(line) + number(UInt32(name.utf8.count))
            + number(UInt32(arguments.utf8.count)) + Array(name.utf8) + Array(arguments.utf8)
    }

    static func calls(_ records: [UInt8]...) -> [UInt8] { frame("C", records.flatMap { $0 }) }

    static func outcome(_ type: Character, _ json: String, peak: UInt64 = 1_000) -> [UInt8] {
        frame(type, number(peak) + Array(json.utf8))
    }

    static let hello = frame("H", Array("{}".utf8))
    static let limits = MachineLimits(memory: 1 << 20, source: 1_000, log: 10_000, result: 10_000, tasks: 3)

    /// A worker that has greeted.
    func greeted(_ limits: MachineLimits = limits) throws -> Talk {
        let talk = Talk(limits)
        _ = try talk.take(Self.hello)
        return talk
    }

    /// The reason for which the bytes are refused after a greeting.
    func refusal(_ bytes: [UInt8], _ prepare: (Talk) throws -> Void = { _ in }) throws -> String {
        let talk = try greeted()
        try prepare(talk)
        do {
            _ = try talk.take(bytes)
        } catch .protocolViolation(let reason) {
            #expect(talk.inner.isOver)
            #expect(try talk.take(Self.calls(Self.record(900))).isEmpty, "nothing is taken after a lie")
            return reason
        }
        Issue.record("it was taken")
        return ""
    }

    // MARK: What an honest worker says

    @Test func anHonestRunIsTaken() throws {
        let talk = Talk(Self.limits)
        #expect(try talk.take(Self.hello).isEmpty)
        #expect(talk.inner.report == Array("{}".utf8))
        let first = try talk.take(
            Self.calls(Self.record(0, "log", #"["info","é\u00e9"]"#), Self.record(1, line: 7, "users.get", "[7]")))
        guard case .calls(let calls)? = first.first else { throw MachineError.closed }
        #expect(calls.map(\.id) == [0, 1])
        #expect(calls.map(\.line) == [1, 7])
        #expect(calls[1].arguments == Array("[7]".utf8))
        #expect(talk.inner.pending == [1: 1])
        #expect(talk.answer(1))
        #expect(!talk.answer(1), "an answer is asked for once")
        _ = try talk.take(Self.calls(Self.record(2)))
        guard case .finished(let json, let usage)? = try talk.take(Self.outcome("F", "null")).first else {
            throw MachineError.closed
        }
        #expect(json == Array("null".utf8))
        #expect(usage.peakMemory == 1_000)
        #expect(talk.inner.isOver)
        #expect(!talk.answer(2), "nothing is answered after the end")
    }

    @Test func anyCutThroughTheBytesGivesTheSame() throws {
        let bytes =
            Self.hello + Self.calls(Self.record(1), Self.record(2, task: 2)) + Self.calls(Self.record(0, "log", "[]"))
            + Self.outcome("E", #"{"kind":"error","message":"m","where":"a:1","traceback":[],"value":[1]}"#)
        for size in 1...bytes.count {
            let talk = Talk(Self.limits)
            var names: [String] = [], hasFailed = false
            for start in stride(from: 0, to: bytes.count, by: size) {
                let end = min(start + size, bytes.count)
                for event in try talk.take(Array(bytes[start..<end])) {
                    switch event {
                    case .calls(let calls): names += calls.map(\.name)
                    case .failed: hasFailed = true
                    default: Issue.record("another event")
                    }
                }
                #expect(talk.inner.isOver == (end == bytes.count))
            }
            #expect(names == ["users.get", "users.get", "log"])
            #expect(hasFailed)
        }
    }

    @Test func itKnowsWhetherAFrameIsHalfThere() throws {
        let talk = Talk(Self.limits)
        _ = try talk.take(Array(Self.hello.dropLast()))
        #expect(talk.inner.isWithinFrame)
        _ = try talk.take([Self.hello[Self.hello.count - 1]])
        #expect(!talk.inner.isWithinFrame)
    }

    @Test func aWorkerThatCannotConfineItselfSaysSo() throws {
        let talk = Talk(Self.limits)
        #expect(throws: MachineError.confinement(reason: "no seccomp??")) {
            try talk.take(Self.frame("X", Array("no seccomp\u{1b}\n".utf8)))
        }
        #expect(try refusal(Self.frame("X", Array("out of step".utf8))) == "out of step")
        let starved = try greeted()
        #expect(throws: MachineError.outOfMemory) {
            try starved.take(Self.frame("X", Array("not enough memory for a machine".utf8)))
        }
    }

    // MARK: Frames

    @Test(arguments: ["C", "F", "E", "L", "D", "W"] as [Character])
    func nothingComesBeforeTheGreeting(type: Character) throws {
        let talk = Talk(Self.limits)
        #expect(throws: MachineError.protocolViolation(reason: "no greeting")) {
            try talk.take(Self.frame(type, [1, 2, 3]))
        }
    }

    @Test(arguments: ["I", "R", "M", "\0", "~"] as [Character])
    func anUnknownTypeIsRefused(type: Character) throws {
        #expect(try refusal(Self.frame(type, [1])).hasPrefix("a frame of unknown type"))
    }

    @Test(arguments: ["", "[]", "{", "{}x", "{\"a\":1,}", "{\"a\":\"\u{7f}\\x\"}"])
    func aGreetingIsAnObject(json: String) throws {
        let talk = Talk(Self.limits)
        #expect(throws: MachineError.self) { try talk.take(Self.frame("H", Array(json.utf8))) }
    }

    @Test func aGreetingComesOnceAndIsShort() throws {
        #expect(try refusal(Self.hello) == "a second greeting")
        let talk = Talk(Self.limits)
        #expect(throws: MachineError.self) { try talk.take(Self.number(UInt32(4_097)) + Array("H".utf8)) }
    }

    @Test(
        "A length that no honest frame has is refused by the header alone",
        arguments: [
            ("C", 128 << 20), ("F", 10_009), ("E", 9 << 20), ("L", 9 << 20), ("X", 4_097), ("C", 0), ("F", 0), ("D", 0),
            ("D", 13), ("W", 1),
        ]
            as [(Character, Int)])
    func absurdLength(type: Character, length: Int) throws {
        let reason = try refusal(Self.number(UInt32(length)) + [type.asciiValue ?? 0])
        #expect(reason.hasPrefix(length == 0 ? "an empty frame" : "a frame of \(length) bytes where"))
    }

    @Test func theLargestLengthIsRefusedWhateverTheLimits() throws {
        var talk = try greeted(MachineLimits(memory: .max, source: .max, log: .max, result: .max, tasks: .max))
        for type in ["C", "F", "E", "L"] as [Character] {
            #expect(throws: MachineError.self) { try talk.take(Self.number(UInt32.max) + [type.asciiValue ?? 0]) }
            talk = try greeted(MachineLimits(memory: .max, source: .max, log: 0, result: 0, tasks: .max))
        }
    }

    @Test func notesAreCountedOverAllFrames() throws {
        let talk = try greeted()
        let note = Self.calls(Self.record(0, "log", "[\"" + String(repeating: "x", count: 4_000) + "\"]"))
        _ = try talk.take(note)
        _ = try talk.take(note)
        #expect(throws: MachineError.protocolViolation(reason: "more than 10000 bytes of notes")) {
            try talk.take(note)
        }
        let unlimited = try greeted(MachineLimits(log: 0))
        for _ in 0..<4 { #expect(try unlimited.take(note).count == 1) }
    }

    @Test func nothingComesAfterTheEnd() throws {
        let end = Self.outcome("F", "1")
        #expect(try refusal(end + Self.calls(Self.record(1))) == "something after the script's end")
        #expect(try refusal(end + end) == "something after the script's end")
        #expect(try refusal(end + [0]) == "something after the script's end")
    }

    // MARK: Records

    @Test(arguments: 1..<40)
    func aRecordThatIsCutShortIsRefused(length: Int) throws {
        let record = Self.record(1, "users.get", "[1234567890]")
        #expect(try refusal(Self.frame("C", Array(record.prefix(length)))) == "a record is cut short")
    }

    @Test func lengthsThatPassTheEndAreRefused() throws {
        for (name, arguments) in [(UInt32.max, UInt32(2)), (9, .max), (.max, .max), (0, 2), (257, 2)] {
            let head = Self.number(UInt32(1)) + Self.number(UInt32(1)) + Self.number(UInt32(1))
            let record = head + Self.number(name) + Self.number(arguments) + Array("users.get[]".utf8)
            #expect(try refusal(Self.frame("C", record)) == "a record is cut short")
        }
    }

    @Test(arguments: ["users get", "\u{1b}[2J", "é", "a\0b", "users-get", "a\nb", "users.get\u{202e}"])
    func aNameThatNoFunctionHasIsRefused(name: String) throws {
        #expect(!(try refusal(Self.calls(Self.record(1, name)))).isEmpty)
    }

    @Test func aNameThatIsNoTextIsRefused() throws {
        var record = Self.record(1)
        record[20] = 0xff
        #expect(try refusal(Self.frame("C", record)) == "a call's name is not text")
    }

    @Test(
        arguments: [
            "", "{}", "null", "[", "[1", "[1,]", "[,1]", "[1 2]", "[]]", "[][]", "[01]", "[1.]", "[.5]", "[1e]",
            "[-]", "[+1]", "[NaN]", "[tru]", "[True]", "[\"\u{1}\"]", "[\"\\x\"]", "[\"\\u12\"]", "[\"\\ud800\"]",
            "[\"\\udc00\"]", "[\"\\ud800\\u0041\"]", "[\"]", "[{]", "[{1:2}]", "[{\"a\"}]", "[{\"a\":}]",
            "[{\"a\":1,}]", "[{\"a\":1]", "[1}", "[\0]", "[1]\0",
            String(repeating: "[", count: 67) + String(repeating: "]", count: 67),
        ])
    func argumentsThatAreNoArrayAreRefused(json: String) throws {
        let call = try refusal(Self.calls(Self.record(5, "users.get", json)))
        #expect(call == "the arguments of call 5 (users.get) are not a JSON array")
        let note = try refusal(Self.calls(Self.record(0, "log", json)))
        #expect(note == "the arguments of the note log are not a JSON array")
    }

    @Test(
        arguments: [
            "[]", " [ ] ", "[1,-0.5e+10,0,true,false,null]", "[{}]", "[{\"a\":{\"b\":[]},\"\":1}]",
            "[\"\\ud83d\\ude00\\\"\\\\\\/\\b\\f\\n\\r\\t😀\"]",
            String(repeating: "[", count: 66) + String(repeating: "]", count: 66),
        ])
    func whatTheMachineWritesIsTaken(json: String) throws {
        let talk = try greeted()
        #expect(try talk.take(Self.calls(Self.record(1, "users.get", json))).count == 1)
    }

    @Test(arguments: [[0xff], [0xc0, 0xaf], [0xed, 0xa0, 0x80], [0xe2, 0x82]] as [[UInt8]])
    func argumentsThatAreNotUTF8AreRefused(bytes: [UInt8]) throws {
        let arguments = Array("[\"".utf8) + bytes + Array("\"]".utf8)
        var record = Self.number(UInt32(1)) + Self.number(UInt32(1)) + Self.number(UInt32(1))
        record += Self.number(UInt32(9)) + Self.number(UInt32(arguments.count)) + Array("users.get".utf8) + arguments
        #expect(try refusal(Self.frame("C", record)) == "the arguments of call 1 (users.get) are not a JSON array")
    }

    // MARK: Numbers

    @Test func callsAreNumberedUpwards() throws {
        let reason = "call 4 (users.get) after call 4"
        #expect(try refusal(Self.calls(Self.record(4), Self.record(4, task: 2))) == reason)
        #expect(try refusal(Self.calls(Self.record(5), Self.record(4, task: 2))) == "call 4 (users.get) after call 5")
        let again = try refusal(Self.calls(Self.record(4, task: 2))) { talk in
            _ = try talk.take(Self.calls(Self.record(4)))
            #expect(talk.answer(4))
        }
        #expect(again == reason, "nor is a number used again once it is answered")
    }

    @Test func aTaskWaitsForOneAnswerAtATime() throws {
        #expect(
            try refusal(Self.calls(Self.record(1), Self.record(2)))
                == "call 2 (users.get) in task 1, which waits for the answer to another one")
        #expect(try refusal(Self.calls(Self.record(1, task: 0))) == "call 1 (users.get) outside every task")
    }

    @Test func noMoreCallsWaitThanThereMayBeTasks() throws {
        let records = (1...4).map { Self.record($0, task: $0) }
        #expect(
            try refusal(Self.calls(records.flatMap { $0 }))
                == "call 4 (users.get) is one more than the 3 tasks that may wait for an answer")
        let talk = try greeted()
        _ = try talk.take(Self.calls(records[0] + records[1] + records[2]))
        #expect(talk.answer(2))
        #expect(try talk.take(Self.calls(records[3])).count == 1)
    }

    @Test func aLineThatNoSourceHasIsRefused() throws {
        #expect(
            try refusal(Self.calls(Self.record(1, line: .max))) == "call 1 (users.get) from line 4294967295")
    }

    // MARK: Waiting

    static let waiting = frame("W", [])

    /// The words of a list of events.
    static func words(_ events: [MachineEvent]) -> [String] {
        events.map { event in
            switch event {
            case .calls(let calls): calls.map { "\($0.name) \($0.id)" }.joined(separator: ", ")
            case .finished: "finished"
            case .failed: "failed"
            case .stopped: "stopped"
            case .waiting: "waiting"
            case .ready: "ready"
            case .diverged(let call, _): "diverged \(call)"
            }
        }
    }

    @Test func eachWordThatItWaitsHasBeenAskedFor() throws {
        let talk = try greeted()
        talk.inner.synchronize()
        talk.inner.synchronize()
        let events = try talk.take(Self.calls(Self.record(1)) + Self.waiting + Self.waiting)
        #expect(Self.words(events) == ["users.get 1", "waiting", "waiting"])
        #expect(throws: MachineError.protocolViolation(reason: "a word that it waits, which nobody asked for")) {
            try talk.take(Self.waiting)
        }
        #expect(try refusal(Self.waiting) == "a word that it waits, which nobody asked for")
    }

    @Test func itWaitsForAnAnswerThatItWasNotSentBefore() throws {
        let reason = "a word that it waits for an answer, where no call does"
        #expect(try refusal(Self.waiting) { $0.inner.synchronize() } == reason)
        let answered = try refusal(Self.waiting) { talk in
            _ = try talk.take(Self.calls(Self.record(1)))
            #expect(talk.answer(1))
            talk.inner.synchronize()
        }
        #expect(answered == reason)
        // What is answered after the question was waited for when it was asked.
        let talk = try greeted()
        _ = try talk.take(Self.calls(Self.record(1)))
        talk.inner.synchronize()
        #expect(talk.answer(1))
        #expect(!talk.answer(1))
        talk.inner.synchronize()
        #expect(Self.words(try talk.take(Self.waiting + Self.calls(Self.record(2)) + Self.waiting)).count == 3)
    }

    @Test func afterItHasSaidThatItWaitsItGoesOnWithAnAnswerAlone() throws {
        func isWaiting(_ talk: Talk) throws {
            _ = try talk.take(Self.calls(Self.record(1), Self.record(2, task: 2)))
            talk.inner.synchronize()
            talk.inner.interrupted(.time)
            #expect(try talk.take(Self.waiting).count == 1)
        }
        let lies = [
            Self.calls(Self.record(3, task: 3)), Self.calls(Self.record(0, "log", "[]")), Self.outcome("F", "1"),
            Self.outcome("E", #"{"kind":"error"}"#), Self.outcome("L", #"{"kind":"limit","limit":"memory"}"#),
        ]
        for lie in lies {
            #expect(try refusal(lie, isWaiting).hasSuffix("without an answer, after it said that it waits for one"))
            let talk = try greeted()
            try isWaiting(talk)
            #expect(talk.answer(2))
            #expect(try talk.take(lie).count == 1)
        }
        let stopped = try greeted()
        try isWaiting(stopped)
        #expect(Self.words(try stopped.take(Self.outcome("L", #"{"kind":"limit","limit":"time"}"#))) == ["stopped"])
    }

    @Test func answersAheadAreTakenInTheirOrder() throws {
        let talk = try greeted()
        for call in [1, 3, 2] as [UInt32] { talk.inner.answerAhead(call, bytes: 100) }
        talk.inner.synchronize()
        _ = try talk.take(Self.calls(Self.record(1)))
        #expect(talk.inner.pending.isEmpty)
        #expect(talk.inner.bytesAhead == 200)
        _ = try talk.take(Self.calls(Self.record(2), Self.record(3, task: 2)))
        #expect(talk.inner.pending.isEmpty)
        #expect(talk.inner.bytesAhead == 0)
        _ = try talk.take(Self.calls(Self.record(4), Self.record(5, task: 2)) + Self.waiting)
        #expect(talk.inner.pending == [4: 1, 5: 2])
        // Call 4 can only be made with the answer to call 2, which comes after that to call 3.
        let early = try refusal(Self.calls(Self.record(2), Self.record(4))) { talk in
            for call in [3, 2] as [UInt32] { talk.inner.answerAhead(call, bytes: 0) }
        }
        #expect(early == "call 4 (users.get) in task 1, which waits for the answer to another one")
        let tooMany = try refusal(Self.calls((4...7).flatMap { Self.record($0, task: $0) })) { talk in
            talk.inner.answerAhead(3, bytes: 0)
        }
        #expect(tooMany.hasSuffix("is one more than the 3 tasks that may wait for an answer"))
    }

    @Test func itWaitsOnlyOnceItCanHaveTakenTheAnswersBefore() throws {
        let reason = try refusal(Self.calls(Self.record(1)) + Self.waiting) { talk in
            for call in [1, 2] as [UInt32] { talk.inner.answerAhead(call, bytes: 0) }
            talk.inner.synchronize()
        }
        #expect(reason == "a word that it waits, before it can have taken the answer to call 2")
    }

    @Test func aCallIsAnsweredOnceAheadOrNot() throws {
        let talk = try greeted()
        talk.inner.synchronize()
        talk.inner.answerAhead(1, bytes: 0)
        _ = try talk.take(Self.calls(Self.record(1)))
        #expect(talk.inner.pending == [1: 1], "it says first that it waits")
        #expect(!talk.answer(1))
        _ = try talk.take(Self.waiting)
        #expect(talk.inner.pending.isEmpty)
    }

    static func divergence(_ call: UInt32, peak: UInt64 = 1_000) -> [UInt8] {
        frame("D", number(peak) + number(call))
    }

    @Test func itDivergesAtTheFirstAnswerOfWhichTheCallIsNotMade() throws {
        func prepare(_ talk: Talk) throws {
            for call in [1, 5, 6] as [UInt32] { talk.inner.answerAhead(call, bytes: 0) }
            talk.inner.synchronize()
            _ = try talk.take(Self.calls(Self.record(1), Self.record(2, task: 2)))
        }
        let talk = try greeted()
        try prepare(talk)
        #expect(Self.words(try talk.take(Self.divergence(5))) == ["diverged 5"])
        #expect(talk.inner.isOver)
        for call in [1, 2, 6, 7, 0, .max] as [UInt32] {
            #expect(
                try refusal(Self.divergence(call), prepare)
                    == "a word that it diverges at call \(call), which was not to be next")
        }
        #expect(try refusal(Self.divergence(5) + Self.waiting, prepare) == "something after the script's end")
        #expect(try refusal(Self.frame("D", [1, 2, 3]), prepare) == "a word of divergence is cut short")
        #expect(try refusal(Self.divergence(5, peak: .max), prepare).hasPrefix("a use of"))
        let unasked = try refusal(Self.divergence(1)) { _ = try $0.take(Self.calls(Self.record(1))) }
        #expect(unasked == "a word that it diverges at call 1, which was not to be next")
    }

    // MARK: Outcomes

    @Test func anOutcomeIsWhole() throws {
        for type in ["F", "E", "L"] as [Character] {
            #expect(try refusal(Self.frame(type, [1, 2, 3, 4, 5, 6, 7, 8])) == "an outcome is cut short")
        }
    }

    @Test func aUseOfMemoryThatCannotBeIsRefused() throws {
        let most = UInt64(1 << 20 + 8 << 20)
        #expect(try refusal(Self.outcome("F", "1", peak: most + 1)).hasPrefix("a use of"))
        #expect(try refusal(Self.outcome("F", "1", peak: .max)).hasPrefix("a use of"))
        let talk = try greeted()
        #expect(try talk.take(Self.outcome("F", "1", peak: most)).count == 1)
    }

    @Test(arguments: ["", "x", "{", "1 2", "[1,]"])
    func aResultIsJSON(json: String) throws {
        #expect(!(try refusal(Self.outcome("F", json)).isEmpty))
    }

    @Test(
        arguments: [
            ("[]", "a report that is not a JSON object"), ("{}", "a report without a kind"),
            (#"{"kind":1}"#, "a report whose kind is of the wrong type"),
            (#"{"kind":"error","message":[]}"#, "a report whose message is of the wrong type"),
            (#"{"kind":"error","where":null}"#, "a report whose where is of the wrong type"),
            (#"{"kind":"error","traceback":{}}"#, "a report whose traceback is of the wrong type"),
            (#"{"kind":"error","kind":"call"}"#, "a report with a member that is there twice"),
            (#"{"k\u0069nd":"error"}"#, "a report with an escaped member"),
        ])
    func aReportHasItsShape(json: String, reason: String) throws {
        #expect(try refusal(Self.outcome("E", json)) == reason)
        #expect(try refusal(Self.outcome("L", json)) == reason)
    }

    @Test func aReportMayHoldMoreThanTheHostKnows() throws {
        let talk = try greeted()
        let json = #" { "kind" : "limit" , "limit" : "memory", "used": {"bytes":[1]}, "value":null, "more":1.5 } "#
        #expect(try talk.take(Self.outcome("L", json)).count == 1)
    }

    @Test func onlyTheHostEndsARunForWantOfTime() throws {
        let time = Self.outcome("L", #"{"kind":"limit","limit":"time"}"#)
        let cancelled = Self.outcome("L", #"{"kind":"limit","limit":"cancelled"}"#)
        #expect(try refusal(time) == "an end that nobody has asked for")
        #expect(try refusal(cancelled) == "an end that nobody has asked for")
        #expect(try refusal(cancelled) { $0.inner.interrupted(.time) } == "an end that nobody has asked for")
        #expect(try refusal(Self.outcome("L", #"{"kind":"limit"}"#)) == "a report of a limit that does not say which")
        let talk = try greeted()
        talk.inner.interrupted(.time)
        talk.inner.interrupted(.cancel)
        #expect(try talk.take(time).count == 1)
    }
}

/// A protocol under test, as a reference: what changes it may stand in an expectation.
final class Talk {
    var inner: WorkerProtocol

    init(_ limits: MachineLimits, isSession: Bool = false) {
        inner = WorkerProtocol(limits: limits, isSession: isSession)
    }

    func take(_ bytes: [UInt8]) throws(MachineError) -> [MachineEvent] {
        let outcome = bytes.withUnsafeBytes { bytes in
            Result { () throws(MachineError) in try inner.receive(bytes) }
        }
        return try outcome.get()
    }

    func answer(_ id: UInt32) -> Bool { inner.answer(id) }

    func begin(_ limits: MachineLimits) -> Bool { inner.begin(limits) }
}

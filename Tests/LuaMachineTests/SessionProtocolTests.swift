import Testing

@testable import LuaMachine

/// What the host takes from a session's worker, byte by byte.
@Suite struct SessionProtocolTests {
    typealias Run = WorkerProtocolTests

    static let ready = Run.frame("Y", [])

    /// A session whose worker is ready.
    func open() throws -> Talk {
        let talk = Talk(Run.limits, isSession: true)
        #expect(talk.inner.phase == .preparing)
        #expect(!talk.begin(Run.limits), "it has not said that it is ready")
        #expect(Run.words(try talk.take(Run.hello + Self.ready)) == ["ready"])
        return talk
    }

    /// The same, with a statement that runs.
    func begun(_ limits: MachineLimits = Run.limits) throws -> Talk {
        let talk = try open()
        #expect(talk.begin(limits))
        return talk
    }

    @Test func `statements follow one another`() throws {
        let talk = try begun()
        #expect(!talk.begin(Run.limits), "one at a time")
        let first = try talk.take(Run.calls(Run.record(1)) + Run.outcome("F", "1") + Self.ready)
        #expect(Run.words(first) == ["users.get 1", "finished", "ready"])
        #expect(talk.begin(Run.limits))
        let second = try talk.take(Run.outcome("E", #"{"kind":"error"}"#) + Self.ready)
        #expect(Run.words(second) == ["failed", "ready"])
        #expect(talk.begin(Run.limits))
        let third = try talk.take(Run.outcome("L", #"{"kind":"limit","limit":"memory"}"#))
        #expect(Run.words(third) == ["stopped"])
        #expect(!talk.inner.isOver)
        #expect(!talk.begin(Run.limits))
    }

    @Test func `any cut through the bytes gives the same`() throws {
        let bytes = Run.calls(Run.record(1)) + Run.outcome("F", "1") + Self.ready
        for size in 1...bytes.count {
            let talk = try begun()
            var words: [String] = []
            for start in stride(from: 0, to: bytes.count, by: size) {
                words += Run.words(try talk.take(Array(bytes[start..<min(start + size, bytes.count)])))
            }
            #expect(words == ["users.get 1", "finished", "ready"])
            #expect(talk.inner.phase == .ready)
        }
    }

    @Test func `nothing of a statement is left to the next one`() throws {
        let talk = try begun()
        talk.inner.interrupted(.cancel)
        talk.inner.synchronize()
        talk.inner.answerAhead(9, bytes: 100)
        _ = try talk.take(
            Run.calls(
                Run.record(0, "log", "[\"" + String(repeating: "x", count: 9_000) + "\"]"), Run.record(1),
                Run.record(2, task: 2)))
        _ = try talk.take(Run.outcome("F", "1"))
        #expect(talk.inner.pending.isEmpty)
        #expect(talk.inner.bytesAhead == 0)
        // Between statements nothing that the host says counts.
        for isReady in [false, true] {
            if isReady { _ = try talk.take(Self.ready) }
            #expect(!talk.answer(1))
            talk.inner.answerAhead(2, bytes: 100)
            talk.inner.synchronize()
            talk.inner.interrupted(.cancel)
            #expect(talk.inner.bytesAhead == 0)
        }
        #expect(talk.begin(Run.limits))
        #expect(!talk.answer(1))
        _ = try talk.take(
            Run.calls(
                Run.record(0, "log", "[\"" + String(repeating: "x", count: 9_000) + "\"]"), Run.record(3),
                Run.record(4, task: 2)))
        #expect(talk.answer(3))
        #expect(throws: MachineError.protocolViolation(reason: "an end that nobody has asked for")) {
            try talk.take(Run.outcome("L", #"{"kind":"limit","limit":"cancelled"}"#))
        }
    }

    @Test func `each statement has limits of its own`() throws {
        var small = Run.limits
        small.result = 10
        let talk = try begun(small)
        _ = try talk.take(Run.outcome("F", "1") + Self.ready)
        #expect(talk.begin(Run.limits))
        _ = try talk.take(Run.outcome("F", "\"more than ten bytes\"") + Self.ready)
        #expect(talk.begin(small))
        #expect(throws: MachineError.protocolViolation(reason: "a frame of 29 bytes where at most 18 may come")) {
            try talk.take(Run.outcome("F", "\"more than ten bytes\""))
        }
    }

    @Test func `what is begun before a statement is not taken for its own`() throws {
        for count in 1...4 {
            let talk = try open()
            let early = Run.calls(Run.record(1))
            #expect(try talk.take(Array(early.prefix(count))).isEmpty)
            #expect(talk.begin(Run.limits))
            #expect(throws: MachineError.protocolViolation(reason: "a frame that began before its statement")) {
                try talk.take(Array(early.dropFirst(count)))
            }
        }
        let talk = try open()
        #expect(throws: MachineError.protocolViolation(reason: "a frame of type 67 where no statement runs")) {
            try talk.take(Array(Run.calls(Run.record(1)).prefix(5)))
        }
    }

    @Test func `a prelude that fails is the end`() throws {
        let talk = Talk(Run.limits, isSession: true)
        #expect(Run.words(try talk.take(Run.hello + Run.outcome("E", #"{"kind":"error"}"#))) == ["failed"])
        #expect(talk.inner.isOver)
        #expect(!talk.begin(Run.limits))
    }

    @Test func `a session that diverges is over`() throws {
        let talk = try begun()
        talk.inner.answerAhead(1, bytes: 0)
        #expect(Run.words(try talk.take(Run.divergence(1))) == ["diverged 1"])
        #expect(talk.inner.isOver)
    }

    @Test func `a complaint is heard at any time`() throws {
        let complaint = Run.frame("X", Array("out of step".utf8))
        for talk in [try open(), try begun()] {
            #expect(throws: MachineError.protocolViolation(reason: "out of step")) { try talk.take(complaint) }
            #expect(talk.inner.isOver)
            #expect(!talk.begin(Run.limits))
        }
    }
}

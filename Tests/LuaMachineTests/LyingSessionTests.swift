import Testing

@testable import LuaMachine

/// A session's worker in the hands of an attacker.
@Suite(.timeLimit(.minutes(2))) struct LyingSessionTests {
    /// What a session comes to: its words, and the error at its end. Statements are begun while it is ready, as many as are
    /// wanted, and their calls answered.
    static func words(
        of lie: String, statements: Int = 9, interrupting: Int? = nil, _ patience: WorkerPatience = .forSessions
    ) async throws -> (told: [String], error: MachineError?) {
        let program = MachineProgram(
            bindings: [], prelude: Array("!session-\(lie)".utf8), name: "", source: [],
            limits: LyingWorkerTests.limits, isSession: true)
        let liar = try await LyingWorkerTests.supervisor(patience).start(program, isConfined: false)
        var told: [String] = [], begun = 0
        while true {
            let event: MachineEvent
            do throws(MachineError) { event = try await liar.nextEvent() } catch {
                await liar.close()
                return (told, error)
            }
            switch event {
            case .calls(let calls):
                for call in calls {
                    told.append("call \(call.id)")
                    if begun == interrupting { liar.interrupt(.cancel) }
                    liar.reply(MachineReply(id: call.id, json: Array("1".utf8)))
                }
            case .finished: told.append("finished")
            case .failed: told.append("failed")
            case .stopped: told.append("stopped")
            case .waiting: told.append("waiting")
            case .ready: told.append("ready")
            case .diverged: told.append("diverged")
            }
            guard case .ready = event else { continue }
            guard begun < statements else {
                await liar.close()
                return (told, nil)
            }
            begun += 1
            liar.evaluate(MachineStatement(name: "repl", source: []))
            if begun == interrupting, !lie.contains("c") { liar.interrupt(.cancel) }
        }
    }

    @Test func `what an honest worker says is taken`() async throws {
        let session = try await Self.words(of: "YvFYcEYcMYvCFYvF", statements: 4)
        #expect(session.error == nil)
        #expect(
            session.told == [
                "ready", "finished", "ready", "call 1", "failed", "ready", "call 2", "stopped", "ready", "call 3",
                "finished", "ready",
            ])
    }

    @Test(
        "A word out of its turn ends the session",
        arguments: [
            ("YY", "a frame of type 89 where no statement runs"),
            ("YvY", "a word that it is ready, in the midst of a statement"),
            ("YvFYY", "a frame of type 89 where no statement runs"), ("YcYF", "a word that it is ready, in the midst"),
            ("C", "a frame of type 67 where no statement runs"), ("YC", "a frame of type 67 where no statement runs"),
            ("F", "a frame of type 70 where no statement runs"), ("YF", "a frame of type 70 where no statement runs"),
            ("YE", "a frame of type 69 where no statement runs"), ("YL", "a frame of type 76 where no statement runs"),
            ("YW", "a frame of type 87 where no statement runs"), ("YD", "a frame of type 68 where no statement runs"),
            ("YvFC", "a frame of type 67 where no statement runs"),
            ("YvFF", "a frame of type 70 where no statement runs"),
            ("YvEE", "a frame of type 69 where no statement runs"),
            ("YvFYC", "a frame of type 67 where no statement runs"),
            ("YvH", "a second greeting"), ("Yh", "half a frame and not the rest"),
            ("YvFYh", "half a frame and not the rest"), ("YvL", "an end that nobody has asked for"),
            ("YvCU", "call 1 (users.get) after call 1"), ("YcFYvU", "call 1 (users.get) after call 1"),
            ("YvW", "a word that it waits, which nobody asked for"), ("YvD", "a word that it diverges at call 1"),
            ("YvFz", "no word in time that it is ready"), ("z", "no word in time that it is ready"),
            ("YvFh", "half a frame and not the rest"),
        ])
    func lieIsTold(_ lie: (name: String, reason: String)) async throws {
        var patience = WorkerPatience.forSessions
        if lie.reason.contains("in time") || lie.reason.hasPrefix("half") {
            patience.frame = 15
            patience.greeting = lie.name == "z" ? 250 : patience.greeting
        }
        let session = try await Self.words(of: lie.name, patience)
        guard case .protocolViolation(let told)? = session.error else {
            Issue.record("it was believed: \(session)")
            return
        }
        #expect(told.hasPrefix(lie.reason), "\(told)")
    }

    @Test func `an interrupt excuses the statement that it was meant for alone`() async throws {
        let first = try await Self.words(of: "bYcFYvLY", interrupting: 1)
        #expect(first.told == ["ready", "call 1", "finished", "ready"])
        #expect(first.error == .protocolViolation(reason: "an end that nobody has asked for"))
        let second = try await Self.words(of: "bYcFYcLYx", statements: 2, interrupting: 2)
        #expect(second.told == ["ready", "call 1", "finished", "ready", "call 2", "stopped", "ready"])
        #expect(second.error == nil)
    }

    @Test func `a worker that is deaf to signals is killed with the session`() async throws {
        // Without the block the first signal would end it.
        for lie in ["bYvz", "Yvz"] {
            let session = try await Self.words(of: lie, interrupting: 1)
            #expect(session.told == ["ready", "stopped"])
            #expect(session.error == .sessionLost)
        }
    }

    @Test(
        "An end without a word is told as what it was",
        arguments: [
            ("x", .exited(status: 0)), ("Yx", .exited(status: 0)), ("Yvx", .exited(status: 0)), ("YvFx", .sessionLost),
            ("YvMx", .sessionLost), ("YcFYx", .exited(status: 0)),
        ] as [(String, MachineError)])
    func endIsTold(_ end: (lie: String, error: MachineError)) async throws {
        #expect(try await Self.words(of: end.lie).error == end.error)
    }

    @Test func `a worker that no session was asked for is not ready for one`() async throws {
        let supervisor = try LyingWorkerTests.supervisor()
        let liar = try await supervisor.start(
            LyingWorkerTests.program("session-Yz", LyingWorkerTests.limits), isConfined: false)
        #expect(
            await LyingWorkerTests.end(of: liar)
                == .failed(.protocolViolation(reason: "a frame of unknown type 89")))
        await liar.close()
    }
}

extension WorkerPatience {
    /// Long enough for a worker that has something to say on a slow machine.
    fileprivate static var forSessions: WorkerPatience {
        var patience = WorkerPatience.brief
        patience.frame = 3_000
        return patience
    }
}

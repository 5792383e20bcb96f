import HTTPTypes
import Operations
import Testing

@testable import ConsoleModel
@testable import ConsoleSimulator

@Suite struct FaultParsingTests {
    @Test func everyFaultIsReadByItsName() throws {
        let faults = try Faults(
            parsing: "reset-before=0.01,reset-after=0.02, 429=0.03 ,503=0.04,truncate=0.05,slow=0.06")
        #expect(faults.resetBefore == 0.01)
        #expect(faults.resetAfter == 0.02)
        #expect(faults.tooMany == 0.03)
        #expect(faults.unavailable == 0.04)
        #expect(faults.truncate == 0.05)
        #expect(faults.slow == 0.06)
        #expect(try Faults(parsing: "").areNone)
    }

    @Test(arguments: [
        ("rest-after=0.1", "did you mean reset-after?"), ("429", "429=0.01"), ("429=", "not ''"), ("429=2", "not '2'"),
        ("429=-0.1", "from 0 to 1"), ("429=nan", "from 0 to 1"), ("slow=x", "not 'x'"), ("429=0.1,429=0.2", "twice"),
        ("429=0.6,503=0.6", "together"), ("429=0.1,", "no fault called ''"), ("418=1", "Known are"),
    ])
    func mistakesAreNamed(_ text: String, _ part: String) throws {
        let error = try #require(throws: FaultSyntaxError.self) { try Faults(parsing: text) }
        #expect(error.description.contains(part), "\(error)")
    }

    @Test func faultsAreAsFrequentAsWantedAndFollowFromTheSeed() {
        let faults = Faults(resetBefore: 0.1, tooMany: 0.2, slow: 0.05)
        func draw(seed: UInt64) -> [Fault] {
            var source = FaultSource(faults, random: SplitMix64(seed: seed))
            return (0..<10_000).map { _ in source.next(method: "GET", path: "/") }
        }
        let drawn = draw(seed: 1)
        let counts = Dictionary(grouping: drawn, by: \.self).mapValues(\.count)
        #expect((900...1100).contains(counts[.resetBefore] ?? 0))
        #expect((1900...2100).contains(counts[.tooMany] ?? 0))
        #expect((430...570).contains(counts[.slow] ?? 0))
        #expect(Set(counts.keys) == [.none, .resetBefore, .tooMany, .slow])
        #expect(drawn == draw(seed: 1))
        #expect(drawn != draw(seed: 2))
    }

    @Test func scriptComesFirstAndOnlyForTheRequestsMeant() {
        let faults = Faults(script: [.resetAfter, .none, .status(503)]) { method, _ in method == "DELETE" }
        var source = FaultSource(faults, random: SplitMix64(seed: 1))
        #expect(source.next(method: "GET", path: "/") == .none)
        #expect(source.next(method: "DELETE", path: "/") == .resetAfter)
        #expect(source.next(method: "DELETE", path: "/") == .none)
        #expect(source.next(method: "GET", path: "/") == .none)
        #expect(source.next(method: "DELETE", path: "/") == .status(503))
        #expect(source.next(method: "DELETE", path: "/") == .none)
    }
}

/// Faults as a client sees them on its socket.
@Suite struct FaultTests {
    /// Sends one unlock to a simulator whose first requests suffer these faults; answers what came back, the ledger's
    /// operations, and whether the user is still locked.
    private func unlock(
        _ script: [Fault], configure: (inout SimulatorConfiguration) -> Void = { _ in }
    ) async throws -> (RawConnection.Outcome, [String], Bool) {
        var configuration = SimulatorConfiguration(users: 20, faults: Faults(script: script))
        configure(&configuration)
        let id = try Harness(wishes: .init(users: 20)).firstUser { $0.isLocked && $0.isEnabled }.id
        return try await ConsoleSimulator.withRunning(configuration) { info in
            func send(_ method: String, _ target: String) async throws -> RawConnection.Outcome {
                let request = RawConnection.request(method, target, user: info.user, password: info.password)
                return try await RawConnection.send(request, to: info.url)
            }
            let outcome = try await send("DELETE", "/api/3/users/\(id)/lock")
            let ledger = try await send("GET", "/_simulator/ledger").text
            let user = try await send("GET", "/api/3/users/\(id)").text
            let operations = ledger.split(separator: "\"operation\":\"").dropFirst().map {
                String($0.prefix { $0 != "\"" })
            }
            return (outcome, operations, user.contains("\"locked\":true"))
        }
    }

    @Test func withoutFaultTheAnswerIsWhole() async throws {
        let (outcome, operations, isLocked) = try await unlock([])
        #expect(outcome.text.hasPrefix("HTTP/1.1 200 OK\r\n"))
        #expect(outcome.text.hasSuffix("\"rel\":\"self\"}]}"))
        #expect(!outcome.wasReset)
        #expect(operations == ["users.unlock"])
        #expect(!isLocked)
    }

    @Test func resetBeforeTheEffectLeavesEverythingAsItWas() async throws {
        let (outcome, operations, isLocked) = try await unlock([.resetBefore])
        #expect(outcome.wasReset)
        #expect(outcome.bytes.isEmpty)
        #expect(operations.isEmpty)
        #expect(isLocked)
    }

    @Test func resetAfterTheEffectHidesTheAnswerOnly() async throws {
        let (outcome, operations, isLocked) = try await unlock([.resetAfter])
        #expect(outcome.wasReset)
        #expect(outcome.bytes.isEmpty)
        #expect(operations == ["users.unlock"])
        #expect(!isLocked)
    }

    @Test func truncatedBodyIsShorterThanPromised() async throws {
        let (outcome, operations, isLocked) = try await unlock([.truncate])
        let parts = outcome.text.split(separator: "\r\n\r\n", maxSplits: 1)
        let length = try #require(
            parts[0].split(separator: "\r\n").first { $0.hasPrefix("Content-Length: ") }?.dropFirst(16))
        let body = try #require(parts.last)
        let promised = try #require(Int(length))
        #expect(body.utf8.count == promised / 2)
        #expect(outcome.text.hasPrefix("HTTP/1.1 200 OK"))
        #expect(operations == ["users.unlock"])
        #expect(!isLocked)
    }

    @Test(arguments: [(Fault.tooMany, "429"), (.status(503), "503")])
    func refusalSaysWhenToComeBackAndHasNoEffect(_ fault: Fault, _ status: String) async throws {
        let (outcome, operations, isLocked) = try await unlock([fault]) { $0.faults.retryAfter = 7 }
        #expect(outcome.text.hasPrefix("HTTP/1.1 \(status) "))
        #expect(outcome.text.contains("Retry-After: 7\r\n"))
        #expect(outcome.text.contains("{\"status\":\(status),"))
        #expect(operations.isEmpty)
        #expect(isLocked)
    }

    @Test func otherStatusesHaveNoRetryAfter() async throws {
        let (outcome, operations, _) = try await unlock([.status(500)])
        #expect(outcome.text.hasPrefix("HTTP/1.1 500 "))
        #expect(!outcome.text.contains("Retry-After"))
        #expect(operations.isEmpty)
    }

    @Test func slowBodyArrivesWholeInPieces() async throws {
        let waits = Waits()
        let (outcome, operations, _) = try await unlock([.slow]) { $0.clock.sleep = { waits.add($0) } }
        #expect(outcome.text.hasSuffix("\"rel\":\"self\"}]}"))
        #expect(operations == ["users.unlock"])
        #expect(waits.all == [Duration](repeating: .milliseconds(100), count: waits.all.count))
        #expect((8...10).contains(waits.all.count))
    }

    @Test func latencyDelaysEveryAnswerButTheLedger() async throws {
        let waits = Waits()
        _ = try await unlock([]) {
            $0.latency = .milliseconds(5)
            $0.clock.sleep = { waits.add($0) }
        }
        #expect(waits.all == [.milliseconds(5), .milliseconds(5)])
    }

    @Test func ledgerSuffersNoFaults() async throws {
        try await ConsoleSimulator.withRunning(.init(users: 5, faults: Faults(resetBefore: 1))) { info in
            for (path, isReset) in [("/_simulator/ledger", false), ("/api/3/users", true), ("/public_api/v1/x", true)] {
                let request = RawConnection.request("GET", path, user: info.user, password: info.password)
                let outcome = try await RawConnection.send(request, to: info.url)
                #expect(outcome.wasReset == isReset)
            }
        }
    }
}

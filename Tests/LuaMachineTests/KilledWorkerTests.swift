import Foundation
import Operations
import Testing

@testable import LuaMachine

/// A worker that is killed or stopped from outside, at any moment: its run ends with an error that says so, at once, and
/// nothing else does.
@Suite(.timeLimit(.minutes(2))) struct KilledWorkerTests {
    /// Where a worker is when the signal comes.
    enum Moment: String, CaseIterable, CustomTestStringConvertible {
        case beforeGreeting, loading, computing, insideALibraryFunction, waitingForAReply, writing

        var testDescription: String { rawValue }

        var source: String {
            let begin = "users.get(1)\n"
            return switch self {
            case .beforeGreeting: "users.get(1)"
            case .loading: String(repeating: "x = 1\n", count: 150_000) + "while true do end"
            case .computing: begin + "while true do end"
            case .insideALibraryFunction: begin + #"return (("a"):rep(1e5)):find((".-"):rep(20) .. "b")"#
            case .waitingForAReply: begin
            case .writing: "local line = ('x'):rep(1e6) while true do rb.note('log', line) end"
            }
        }

        /// Waits until the worker is there.
        func reach(_ machine: ConfinedMachine) async throws {
            switch self {
            case .beforeGreeting: return
            case .loading:
                try await wait(for: machine) { machine.confinementReport != nil }
            case .computing, .insideALibraryFunction:
                guard case .calls(let calls) = try await machine.nextEvent() else { throw MachineError.closed }
                for call in calls { MachineHarness.reply(machine, call.id, .nothing) }
                let process = try #require(machine.processIdentifier)
                try await wait(for: machine) { !LyingWorkerTests.isAsleep(process) }
            case .waitingForAReply:
                guard case .calls = try await machine.nextEvent() else { throw MachineError.closed }
            case .writing:
                // Nobody takes its lines, so it stands still in the middle of one.
                try await wait(for: machine) { machine.waitingBytes >= WorkerPatience().waitingEvents }
            }
        }

        private func wait(for machine: ConfinedMachine, until isThere: () -> Bool) async throws {
            while !isThere() {
                guard machine.processIdentifier != nil else { throw MachineError.closed }
                try await Task.sleep(for: .milliseconds(1))
            }
        }
    }

    static func start(_ source: String) async throws -> ConfinedMachine {
        var harness = MachineHarness(kind: .confined)
        harness.limits.log = 1 << 30
        return try #require(try await harness.start(source) as? ConfinedMachine)
    }

    /// What a run comes to if nobody answers it.
    static func error(of machine: ConfinedMachine) async -> MachineError? {
        while true {
            do throws(MachineError) {
                switch try await machine.nextEvent() {
                case .calls: continue
                default: return nil
                }
            } catch { return error }
        }
    }

    @Test("A signal ends exactly its run", arguments: Moment.allCases, [SIGKILL, SIGSEGV, SIGSTOP])
    func signalEndsItsRun(moment: Moment, signal: Int32) async throws {
        let other = try await Self.start("local sum = 0 for i = 1, 3 do sum = sum + users.get(i) end return sum")
        guard case .calls(let calls) = try await other.nextEvent() else { throw MachineError.closed }
        let machine = try await Self.start(moment.source)
        let process = try #require(machine.processIdentifier), held = Self.names(of: machine.descriptors)
        #expect(held.count == 2)
        try await moment.reach(machine)
        #expect(kill(process, signal) == 0)
        let expected: MachineError = signal == SIGSTOP ? .suspended(signal: signal) : .killed(signal: signal)
        #expect(await Self.error(of: machine) == expected)
        #expect(await Self.error(of: machine) == expected, "and it says so again")
        await machine.close()

        // Nothing is left of it.
        #expect(machine.processIdentifier == nil)
        #expect(machine.descriptors == [])
        #expect(waitpid(process, nil, WNOHANG) == -1, "no zombie")
        #expect(Self.names(of: nil).isDisjoint(with: held))

        // And the other run has not noticed.
        for call in calls { MachineHarness.reply(other, call.id, .value(7)) }
        let outcome = try await MachineHarness(kind: .confined).drive(other) { _ in .value(7) }
        #expect(outcome.value == 21)
        await other.close()
    }

    @Test("A signal that comes when the script has ended changes nothing", arguments: [SIGKILL, SIGSEGV, SIGSTOP])
    func signalAfterTheEnd(signal: Int32) async throws {
        for _ in 0..<10 {
            let machine = try await Self.start("return 5")
            guard case .finished(let json, _) = try await machine.nextEvent() else { throw MachineError.closed }
            // Gone by now, perhaps; the number is its own until it is reaped.
            if let process = machine.processIdentifier { kill(process, signal) }
            #expect(json == Array("5".utf8))
            guard case .finished = try await machine.nextEvent() else { throw MachineError.closed }
            await machine.close()
            #expect(machine.processIdentifier == nil)
        }
    }

    @Test("Whatever the moment, a run ends", arguments: [SIGKILL, SIGSEGV, SIGSTOP])
    func signalAtAnyMoment(signal: Int32) async throws {
        for round in 0..<25 {
            let machine = try await Self.start("for i = 1, 5 do users.get(i) end return 'done'")
            let killer = Task {
                try await Task.sleep(for: .microseconds(400 * round))
                if let process = machine.processIdentifier { kill(process, signal) }
            }
            var ending: ScriptOutcome?
            do {
                ending = try await MachineHarness(kind: .confined).drive(machine) { _ in .value(1) }
            } catch let error as MachineError {
                #expect(error == (signal == SIGSTOP ? .suspended(signal: signal) : .killed(signal: signal)))
            }
            if let ending { #expect(ending.value == "done") }
            killer.cancel()
            _ = try? await killer.value
            await machine.close()
        }
    }

    @Test("A worker that is let go on before anybody has looked goes on")
    func aShortStopIsNoHarm() async throws {
        let machine = try await Self.start("return users.get(1)")
        guard case .calls(let calls) = try await machine.nextEvent() else { throw MachineError.closed }
        let process = try #require(machine.processIdentifier)
        kill(process, SIGSTOP)
        kill(process, SIGCONT)
        for call in calls { MachineHarness.reply(machine, call.id, .value(3)) }
        switch try await machine.nextEvent() {
        case .finished(let json, _): #expect(json == Array("3".utf8))
        default: Issue.record("it did not finish")
        }
        await machine.close()
    }

    @Test("A machine that nobody closes leaves nothing behind")
    func aForgottenMachineEnds() async throws {
        var machine: ConfinedMachine? = try await Self.start("while true do end")
        let process = try #require(machine?.processIdentifier)
        machine = nil
        while kill(process, 0) == 0 { try await Task.sleep(for: .milliseconds(1)) }
    }

    /// What the descriptors stand for, by names that are not used again; of all of the program's for `nil`.
    static func names(of descriptors: [Int32]?) -> Set<String> {
        let files = FileManager.default
        let numbers = descriptors?.map(String.init) ?? (try? files.contentsOfDirectory(atPath: "/proc/self/fd")) ?? []
        var names: Set<String> = []
        for number in numbers {
            guard let name = try? files.destinationOfSymbolicLink(atPath: "/proc/self/fd/\(number)") else { continue }
            let about = try? String(contentsOfFile: "/proc/self/fdinfo/\(number)", encoding: .utf8)
            let process = about?.split(separator: "\n").first { $0.hasPrefix("Pid:") } ?? ""
            names.insert("\(name) \(process)")
        }
        return names
    }
}

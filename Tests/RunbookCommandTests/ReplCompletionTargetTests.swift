import RunbookHost
import Synchronization
import Testing

@testable import runbook

/// The names of what is at the target, and how long they are kept.
@Suite(.timeLimit(.minutes(2))) struct ReplCompletionTargetTests {
    /// Loads that end when the test says so.
    private final class Console: Sendable {
        private struct State {
            var loads = 0
            var waiting: [CheckedContinuation<[TargetName]?, Never>] = []
            var answers: [[TargetName]?] = []
        }

        private let state = Mutex(State())

        var loads: Int { state.withLock(\.loads) }

        func load() async -> [TargetName]? {
            await withCheckedContinuation { continuation in
                let answer = state.withLock { state -> [TargetName]?? in
                    state.loads += 1
                    if !state.answers.isEmpty { return .some(state.answers.removeFirst()) }
                    state.waiting.append(continuation)
                    return nil
                }
                if let answer { continuation.resume(returning: answer) }
            }
        }

        /// Answers the next load, or the one that waits.
        func answer(_ names: [TargetName]?) {
            let waiting = state.withLock { state -> CheckedContinuation<[TargetName]?, Never>? in
                guard state.waiting.isEmpty else { return state.waiting.removeFirst() }
                state.answers.append(names)
                return nil
            }
            waiting?.resume(returning: names)
        }
    }

    private let clock = ReplCompletionWorld.StillClock()
    private let console = Console()
    private let names: TargetNames

    init() {
        names = TargetNames(clock: clock) { [console] _ in await console.load() }
    }

    private func until(_ condition: @Sendable () -> Bool) async {
        while !condition() { await Task.yield() }
    }

    @Test func theyAreLoadedOnceAndKeptForFiveMinutes() async {
        console.answer(ReplCompletionWorld.users)
        #expect(await names.names(.users).names == ReplCompletionWorld.users)
        clock.advance(by: .seconds(299))
        #expect(await names.names(.users).names == ReplCompletionWorld.users)
        #expect(console.loads == 1)
        clock.advance(by: .seconds(2))
        console.answer([])
        #expect(await names.names(.users).names == [])
        #expect(console.loads == 2)
    }

    @Test func whoAsksWhileTheyAreLoadedGetsThemWhenTheyAreThere() async {
        async let first = names.names(.users)
        async let second = names.names(.users)
        await until { [clock] in clock.sleeping == 2 }
        console.answer(ReplCompletionWorld.users)
        #expect(await first.names.count == 3)
        #expect(await second.names.count == 3)
        #expect(console.loads == 1)
    }

    @Test func nobodyWaitsLongAndTheLoadGoesOn() async {
        async let asked = names.names(.roles)
        await until { [clock, console] in clock.sleeping == 1 && console.loads == 1 }
        clock.advance(by: .milliseconds(300))
        #expect(await asked == .none)
        console.answer(ReplCompletionWorld.roles)
        // The answer arrives by itself.
        async let later = names.names(.roles)
        #expect(await later.names == ReplCompletionWorld.roles)
        #expect(console.loads == 1)
    }

    @Test func oldNamesAreAnsweredWhileNewOnesAreSlow() async {
        console.answer(ReplCompletionWorld.roles)
        _ = await names.names(.roles)
        clock.advance(by: .seconds(301))
        async let asked = names.names(.roles)
        await until { [clock] in clock.sleeping == 1 }
        clock.advance(by: .milliseconds(300))
        #expect(await asked.names == ReplCompletionWorld.roles)
        console.answer([])
    }

    @Test func afterAFailureNobodyTriesAgainAtOnce() async {
        console.answer(nil)
        #expect(await names.names(.users) == .none)
        #expect(await names.names(.users) == .none)
        #expect(console.loads == 1)
        clock.advance(by: .seconds(31))
        console.answer(ReplCompletionWorld.users)
        #expect(await names.names(.users).names.count == 3)
    }

    @Test func whatWasForgottenIsLoadedAnew() async {
        console.answer(ReplCompletionWorld.users)
        _ = await names.names(.users)
        await names.invalidate()
        console.answer([])
        #expect(await names.names(.users).names == [])
        #expect(console.loads == 2)
    }

    @Test func anAnswerOfTheTargetBeforeIsNotKept() async {
        async let asked = names.names(.users)
        await until { [clock, console] in clock.sleeping == 1 && console.loads == 1 }
        await names.invalidate()
        #expect(await asked == .none)
        async let again = names.names(.users)
        await until { [console] in console.loads == 2 }
        console.answer([TargetName(id: "1", login: "old")])
        console.answer([TargetName(id: "2", login: "new")])
        #expect(await again.names.map(\.login) == ["new"])
    }

    @Test func whoNoLongerWantsAnAnswerDoesNotWait() async {
        let asked = Task { await names.names(.users) }
        await until { [clock] in clock.sleeping == 1 }
        asked.cancel()
        #expect(await asked.value == .none)
        console.answer(nil)
    }

    @Test func fiveThousandAreKept() async {
        console.answer((0..<5_001).map { TargetName(id: String($0)) })
        let answer = await names.names(.users)
        #expect(answer.names.count == 5_000)
        #expect(answer.isCut)
        await names.invalidate()
        console.answer((0..<5_000).map { TargetName(id: String($0)) })
        #expect(await names.names(.users).isCut == false)
    }
}

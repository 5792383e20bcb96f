import Foundation
import LuaMachine
import Operations
import RunbookHost
import Testing

@Suite("Runs that cannot be paused")
struct UnpausableRunsTests {
    /// A script that never gives its thread back: Lua cannot yield in a comparison, and a call that is answered at once
    /// needs no wait.
    static let scripts = [
        "table.sort({ 2, 1 }, function() while true do end end)",
        "while true do users.get(1) end",
    ]

    @Test(
        "end by their time limits in this process, though they hold every thread that there is",
        .timeLimit(.minutes(1)), arguments: scripts)
    func end(script: String) async throws {
        let host = try HostHarness(.inProcess) { PretendedConsole.answer($0) }.host()
        var options = RunOptions()
        options.limits.time = .milliseconds(300)
        options.limits.calls = .max
        let runbook = Runbook(name: "unpausable.lua", source: #"runbook { needs = { "users:read" } } "# + script)
        let count = ProcessInfo.processInfo.activeProcessorCount + 1
        let runs = (0..<count).map { _ in host.start(runbook, options: options) }
        for run in runs {
            let outcome = await run.outcome
            #expect(outcome.status == .stopped)
            #expect(outcome.error?.value["limit"] == "time")
        }
    }
}

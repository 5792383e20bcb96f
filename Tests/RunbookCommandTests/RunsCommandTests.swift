import FoundationEssentials
import Operations
import RunbookHost
import RunbookStore
import Testing

@testable import runbook

/// `runs`, `show` and `report`, from a state folder to a person.
@Suite("The commands that tell of runs")
struct RunsCommandTests {
    /// Runs `body` with a state folder that holds some runs, the sample with everything in it the last one.
    private func withRuns(_ body: (CommandHarness) async throws -> Void) async throws {
        try await CommandHarness.without { harness in
            var harness = harness
            let state = harness.directory + "/state"
            harness.environment["RUNBOOK_STATE"] = state
            let store = SQLiteStore(path: state + "/runbook.db")
            for (index, status) in [RunStatus.succeeded, .failed].enumerated() {
                var run = JournalSketch(id: "01hwt8k3v0abc10\(index)")
                run.record.began -= 1_000_000 - Int64(index)
                run.end(status, at: 5)
                try await run.keep(in: store)
            }
            var mixed = SampleRuns.mixed
            mixed.record.id = "01hwt8k3v0xyz999"
            try await mixed.keep(in: store)
            await store.close()
            try await body(harness)
        }
    }

    @Test("lists runs, the newest first, as a table and as one JSON array")
    func runs() async throws {
        try await withRuns { command in
            let table = try await command.run("runs")
            #expect(table.status == 0)
            let ids = table.output.split(separator: "\n").dropFirst().map { $0.prefix(16) }
            #expect(ids == ["01hwt8k3v0xyz999", "01hwt8k3v0abc101", "01hwt8k3v0abc100"])
            let list = try JSONValue(parsing: try await command.run("runs", "--json").output).arrayValue ?? []
            #expect(list.map { $0["run"]?.stringValue } == ids.map { String($0) })
            #expect(list.first?["next"] == "needs a decision" && list.last?["next"] == nil)

            let some = try await command.run("runs", "--status", "failed", "--status", "succeeded", "--limit", "1")
            #expect(some.output.contains("01hwt8k3v0abc101") && !some.output.contains("01hwt8k3v0abc100"))
            let named = try await command.run("runs", "--runbook", "quarterly-cleanup")
            #expect(named.output.split(separator: "\n").count == 2)
            let none = try await command.run("runs", "--status", "diverged")
            #expect(none.status == 0 && none.output.isEmpty && none.errors.hasPrefix("no such runs in "))
            let wrong = try await command.run("runs", "--status", "failled")
            #expect(wrong.status == 64 && wrong.errors.contains("did you mean 'failed'?"))
        }
    }

    @Test("says that there are no runs, and makes no database by asking")
    func empty() async throws {
        try await CommandHarness.without { command in
            let list = try await command.run("runs", "--state", "state")
            #expect(list.status == 0 && list.errors.hasPrefix("no runs yet in "))
            #expect(try await command.run("runs", "--json", "--state", "state").output == "[]\n")
            let last = try await command.run("show", "last", "--state", "state")
            #expect(last.status == 64 && last.errors.contains("there are no runs yet in "))
            let one = try await command.run("report", "01hwt", "--state", "state")
            #expect(one.status == 64 && one.errors.contains("there is no '01hwt' here"))
            #expect(!FileManager.default.fileExists(atPath: command.directory + "/state/runbook.db"))
        }
    }

    @Test("shows a run by a beginning of its id, and the last one by that word")
    func show() async throws {
        try await withRuns { command in
            let last = try await command.run("show", "last")
            #expect(last.status == 0 && last.output.hasPrefix("needs a decision  Quarterly clean-up"))
            #expect(try await command.run("show", "01hwt8k3v0x").output == last.output)
            #expect(try await command.run("show", "01hwt8k3v0abc100").output.hasPrefix("succeeded"))
            let several = try await command.run("show", "01hwt8k3v0abc")
            #expect(several.status != 0 && several.errors.contains("01hwt8k3v0abc101"))

            let calls = try await command.run("show", "last", "--calls", "--log")
            #expect(calls.output.contains("✗ #19") && calls.output.contains("log   warn left alone"))
            #expect(try await command.run("show", "last", "--log").output.contains("users.page") == false)
            let json = try JSONValue(parsing: try await command.run("show", "last", "--calls", "--json").output)
            #expect(json["run"] == "01hwt8k3v0xyz999" && json["entries"]?.arrayValue?.count == 22)
            #expect(json["next"]?.arrayValue?.first?["command"]?.stringValue?.hasPrefix("runbook decide ") == true)
        }
    }

    @Test("writes a report that nobody else can read")
    func report() async throws {
        try await withRuns { command in
            let html = try await command.run("report", "last", "--format", "html", "-o", "report.html")
            #expect(html.status == 0 && html.output.isEmpty && html.errors.isEmpty)
            let path = command.directory + "/report.html"
            #expect(LocalFiles().status(path)?.permissions == 0o600)
            #expect(
                String(decoding: try Data(contentsOf: URL(filePath: path)), as: UTF8.self).hasPrefix("<!DOCTYPE html>"))
            #expect(try await command.run("report", "last").output.hasPrefix("Waits for you"))
            #expect(try await command.run("report", "last", "--format", "markdown").output.hasPrefix("# Quarterly"))
            #expect(try await command.run("report", "last", "--format", "junit").output.hasPrefix("<?xml"))
            let json = try await command.run("report", "last", "--json")
            #expect(try JSONValue(parsing: json.output)["changes"]?.arrayValue?.count == 11)

            let both = try await command.run("report", "last", "--json", "--format", "html")
            #expect(both.status == 64 && both.errors.contains("contradict"))
            let nowhere = try await command.run("report", "last", "-o", "missing/report.txt")
            #expect(nowhere.status == 1 && nowhere.errors.contains("the report cannot be written to"))
        }
    }
}

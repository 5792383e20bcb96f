import ConsoleSimulator
import FoundationEssentials
import Operations
import Testing

@testable import runbook

/// `runbook new`.
@Suite("The command: new")
struct NewCommandTests {
    private static let kinds: [[String]] = [[], ["--report"]]

    @Test("writes a runbook and its test into the first folder of runbooks, and says what comes next")
    func writes() async throws {
        try await CommandHarness.without { harness in
            let made = try await harness.run("new", "night-shift")
            #expect(made.status == 0, "\(made.errors)")
            #expect(made.output == "runbooks/night-shift.lua\nrunbooks/night-shift_test.lua\n")
            for command in ["check night-shift", "test runbooks/night-shift.lua", "plan night-shift"] {
                #expect(made.errors.contains("runbook \(command)"))
            }
            #expect(try harness.read("runbooks/night-shift.lua") == RunbookTemplate.change.source)
            #expect(try harness.read("runbooks/night-shift_test.lua") == RunbookTemplate.change.test)
            let list = try await harness.run("list")
            #expect(
                list.status == 0 && list.output.hasPrefix("night-shift  Unlock the locked users\n"), "\(list.output)")
        }
    }

    @Test("writes where a path says, and tells programs of it")
    func paths() async throws {
        try await CommandHarness.without { harness in
            let made = try await harness.run("new", "./reports/deep/roles.lua", "--report", "--json")
            #expect(made.status == 0 && made.errors.isEmpty, "\(made.errors)")
            let json = try JSONValue(parsing: made.output)
            let path = json["runbook"]?.stringValue ?? ""
            #expect(path.hasSuffix("/reports/deep/roles.lua") && path.hasPrefix("/"))
            #expect(json["test"]?.stringValue?.hasSuffix("/reports/deep/roles_test.lua") == true)
            #expect(json["next"]?.arrayValue?.first == "runbook check ./reports/deep/roles.lua")
            #expect(try harness.read("reports/deep/roles.lua") == RunbookTemplate.report.source)
            #expect(try await harness.run("new", "here.lua").output == "here.lua\nhere_test.lua\n")
        }
    }

    @Test("overwrites neither a runbook nor a test, and then writes nothing", arguments: ["a.lua", "a_test.lua"])
    func keeps(_ name: String) async throws {
        try await CommandHarness.without { harness in
            try harness.write("mine", to: name)
            let refused = try await harness.run("new", "a")
            #expect(refused.status == 1 && refused.output.isEmpty)
            #expect(refused.errors.contains("\(name) is there already"), "\(refused.errors)")
            #expect(try harness.read("runbooks/\(name)") == "mine")
            #expect(!harness.exists("runbooks/\(name == "a.lua" ? "a_test.lua" : "a.lua")"))
        }
    }

    @Test("leaves neither a file nor a folder behind if one of the two cannot be written")
    func allOrNothing() async throws {
        try await CommandHarness.without { harness in
            // The name of the test is too long, that of the runbook is not.
            let name = String(repeating: "a", count: 248)
            let refused = try await harness.run("new", "./deep/er/\(name).lua")
            #expect(refused.status == 1 && refused.errors.contains("_test.lua cannot be written"), "\(refused.errors)")
            #expect(!harness.exists("deep"))
            try harness.write("mine", to: "a.lua")
            #expect(try await harness.run("new", "runbooks/er/\(name).lua").status == 1)
            #expect(try FileManager.default.contentsOfDirectory(atPath: harness.directory + "/runbooks") == ["a.lua"])
        }
    }

    @Test("prints commands that a shell can carry out as they are", arguments: ["sub dir", "it's", "a$b"])
    func quoted(_ folder: String) async throws {
        try await CommandHarness.without { harness in
            let made = try await harness.run("new", "./\(folder)/x.lua", "--json")
            #expect(made.status == 0, "\(made.errors)")
            let commands = try JSONValue(parsing: made.output)["next"]?.arrayValue?.compactMap(\.stringValue) ?? []
            #expect(commands.count == 3)
            for (command, path) in zip(commands, ["./\(folder)/x.lua", "\(folder)/x.lua", "./\(folder)/x.lua"]) {
                let shell = try CommandProcess(
                    ["-c", "printf '%s\\n' \(command)"], environment: harness.environment, directory: harness.directory,
                    program: "/bin/sh")
                #expect(await shell.outcome.output.split(separator: "\n").last.map(String.init) == path)
            }
        }
    }

    @Test(
        "takes only names that a runbook can have",
        arguments: ["a b", "\u{fc}", "x/", "-x.lua", "a_test", ".lua", "a.b"])
    func names(_ name: String) async throws {
        try await CommandHarness.without { harness in
            let refused = try await harness.run("new", "--", name)
            #expect(refused.status == 64, "\(refused.errors)")
            #expect(!harness.exists("runbooks"))
        }
    }

    @Test("the templates are checked clean, and read and plan and run as they are", arguments: kinds)
    func works(_ kind: [String]) async throws {
        let configuration = SimulatorConfiguration(users: 30, lockedInRole: LockedRole(role: "user", count: 3))
        try await CommandHarness.with(configuration) { harness, info in
            #expect(try await harness.run(["new", "fresh"] + kind).status == 0)
            let check = try await harness.run("check", "fresh")
            #expect(check.status == 0 && check.output.isEmpty, "\(check.output)")
            let plan = try await harness.run("plan", "fresh", "--detailed-exit-code")
            #expect(plan.status == (kind.isEmpty ? 3 : 0), "\(plan.errors)")
            let run = try await harness.run("run", "fresh", "--json")
            #expect(run.status == 0, "\(run.errors)")
            let result = try JSONValue(parsing: run.output)["result"]
            let changes = try await CommandHarness.ledger(info).count
            if kind.isEmpty {
                #expect(changes >= 3 && result?["totals"]?["unlocked"] == .integer(Int64(changes)))
                let again = try await harness.run("run", "fresh", "--json")
                #expect(try JSONValue(parsing: again.output)["result"]?["totals"]?["unlocked"] == 0)
                #expect(try await CommandHarness.ledger(info).count == changes)
            } else {
                #expect(changes == 0 && (result?["totals"]?["users"]?.integerValue ?? 0) >= 30)
                let csv = try await harness.run("run", "fresh", "--param", "format=csv")
                #expect(csv.status == 0 && csv.output.hasPrefix("role,users,locked,disabled\n"), "\(csv.errors)")
            }
        }
    }

    @Test("does not write through a link that leads nowhere")
    func links() async throws {
        try await CommandHarness.without { harness in
            try harness.write("mine", to: "other.lua")
            let folder = harness.directory + "/runbooks"
            try FileManager.default.createSymbolicLink(
                atPath: folder + "/a_test.lua", withDestinationPath: folder + "/nowhere")
            let refused = try await harness.run("new", "a")
            #expect(refused.status == 1 && refused.errors.contains("a_test.lua is there already"))
            #expect(!harness.exists("runbooks/a.lua") && !harness.exists("runbooks/nowhere"))
        }
    }

    @Test("says which runbook of the same name it hides")
    func hides() async throws {
        try await CommandHarness.without { harness in
            try harness.write("return 1", to: "unlock.lua")
            var harness = harness
            harness.environment["RUNBOOK_PATH"] = "mine:runbooks"
            let made = try await harness.run("new", "unlock")
            #expect(made.status == 0 && made.output.hasPrefix("mine/unlock.lua\n"))
            #expect(made.errors.contains("no longer \(harness.directory)/runbooks/unlock.lua"), "\(made.errors)")
            let other = try await harness.run("new", "fresh")
            #expect(other.status == 0 && !other.errors.contains("warning"))
        }
    }

    @Test("the templates pass their own tests", arguments: kinds)
    func passes(_ kind: [String]) async throws {
        try await CommandHarness.without { harness in
            #expect(try await harness.run(["new", "fresh"] + kind).status == 0)
            let tested = try await harness.run("test", "runbooks/fresh.lua")
            #expect(tested.status == 0 && !tested.output.contains("not ok"), "\(tested.output)\(tested.errors)")
            #expect(tested.output.split(separator: "\n").count { $0.hasPrefix("ok ") } >= 12)
        }
    }

    @Test("the templates read like the runbooks that ship: no tab, no long line, one line end at the end")
    func style() {
        for template in RunbookTemplate.allCases {
            for text in [template.source, template.test] {
                #expect(text.hasSuffix("\n") && !text.hasSuffix("\n\n"))
                for line in text.split(separator: "\n") {
                    #expect(line.count <= 120 && !line.contains("\t") && line.last != " ", "\(line)")
                }
            }
        }
    }
}

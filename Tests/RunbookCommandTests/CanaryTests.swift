import CommandSupport
import FoundationEssentials
import Glibc
import Testing

@testable import runbook

/// Nothing secret is in anything that the program writes: the state folder with its database and what belongs to it, plans,
/// reports, checkpoints, stdout, stderr, its arguments and its worker's. Whatever a script does with it, whatever a server
/// tells, however a run ends.
@Suite struct CanaryTests {
    @Test(arguments: ["text", "json"]) func aRunTellsNoSecretAtAnyLevel(_ format: String) async throws {
        try await CanaryWorld.with { world in
            let outcome = try await world.careless("run", ["--log-format", format])
            #expect(outcome.status == 0, "\(outcome.errors)")
            #expect(outcome.errors.contains("‹secret›"))
            let json = try await world.careless("run", ["--log-format", format, "--json"])
            #expect(json.status == 0, "\(json.errors)")
            // What the script returns is its own affair: on stdout, and nowhere else.
            let result = try await world.careless("run", how: "result", ["--json"], mayShowResult: true)
            #expect(result.output.contains("cAnary3program"))
            for command in ["runs", "show", "report"] { try await Self.look(command, world) }
        }
    }

    @Test(arguments: [
        ("text", 1), ("table", 1), ("secret", 1), ("tostring", 1), ("load", 1), ("syntax", 1), ("argument", 1),
        ("field", 1), ("denied", 4), ("limit", 4), ("page", 1), ("json", 1), ("refused", 1), ("refusedInText", 1),
        ("confirm", 4), ("call", 1),
    ])
    func aRunThatFailsTellsNone(_ how: String, _ status: Int32) async throws {
        try await CanaryWorld.with { world in
            let arguments = how == "limit" ? ["--max-changes", "12"] : []
            let outcome = try await world.careless("run", how: how, ["--log-format", "json"] + arguments)
            #expect(outcome.status == status, "\(outcome.errors)")
            let json = try await world.careless("run", how: how, ["--json"] + arguments)
            #expect(json.status == status, "\(json.errors)")
            for command in ["show", "report"] { try await Self.look(command, world) }
        }
    }

    @Test func aPlanItsApplicationAndItsUndoTellNone() async throws {
        try await CanaryWorld.with { world in
            let plan = try await world.careless("plan", ["-o", "first.plan"])
            #expect(plan.status == 0, "\(plan.errors)")
            #expect(try await world.careless("plan", ["--json", "-o", "second.plan"]).status == 0)
            // A password that is made anew each time stands in a name, which no plan can foresee.
            let applied = try await world.run("apply", "first.plan", "--no-input", "--log-level", "debug")
            #expect(applied.status == 4, "\(applied.errors)")
            #expect(try await world.run("apply", "second.plan", "--no-input", "--json").status == 4)
            let run = try await world.careless("run")
            #expect(run.status == 0, "\(run.errors)")
            for command in ["show", "report"] { try await Self.look(command, world) }
            let undo = try await world.run("undo", "last", "-o", "undo.plan", "--no-input", "--log-level", "debug")
            #expect(undo.status == 0, "\(undo.errors)")
            try await world.run("apply", "undo.plan", "--no-input", "--log-level", "debug")
            for command in ["runs", "show", "report"] { try await Self.look(command, world) }
        }
    }

    @Test func aRunThatIsKilledDecidedAndResumedTellsNone() async throws {
        try await CanaryWorld.with { world in
            world.keeper.kill(at: "POST", "/api/3/users/10/2FA")
            let killed = try await world.careless("run", how: "wait")
            #expect(killed.status == 128 + SIGKILL, "\(killed.errors)")
            try world.keepFiles()
            for command in ["runs", "show", "report"] { try await Self.look(command, world) }
            let undecided = try await world.run("resume", "last", "--no-input", "--log-level", "debug")
            #expect(undecided.status == ExitStatus.needsDecision.rawValue, "\(undecided.errors)")
            let advice = try #require(undecided.errors.firstMatch(of: /runbook decide \S+ (\d+) --sent/))
            let call = String(advice.1)
            let seed = try #require(try await world.console.seed(of: 10))
            world.keeper.add("seed of the lost answer", seed)
            try world.write(seed, to: "inputs/seed")
            let decided = try await world.run("decide", "last", call, "--sent", "--value", "file:inputs/seed", "--json")
            #expect(decided.status == 0, "\(decided.errors)")
            try world.keepFiles()
            let resumed = try await world.run(
                "resume", "last", "--no-input", "--log-level", "debug", "--log-format", "json")
            #expect(resumed.status == 0 && resumed.output.contains("went on"), "\(resumed.errors)")
            for command in ["runs", "show", "report"] { try await Self.look(command, world) }
        }
    }

    @Test func theOtherCommandsTellNone() async throws {
        try await CanaryWorld.with { world in
            #expect(try await world.careless("run").status == 0)
            for arguments in [
                ["config"], ["config", "--json"], ["doctor"], ["list"], ["list", "--json"],
                ["check", "runbooks/careless.lua"], ["audit", "verify"], ["audit", "export"],
                ["audit", "export", "--format", "ocsf"], ["audit", "checkpoint"],
                ["call", "users.get", "5"], ["call", "users.get", "13", "--json"],
                ["call", "users.unlock", "9", "--json"],
                ["call", "twofa.key", "8", "--log-level", "debug"],
                ["call", "users.reset_password", "6", "env:CANARY", "--log-level", "debug"],
                ["call", "users.reset_password", "6", "command:cat inputs/three"],
                ["call", "users.update", "5", "file:inputs/two"],
            ] { try await world.run(arguments, mayShowResult: false) }
            let revealed = try await world.run(["call", "twofa.key", "8", "--reveal"], mayShowResult: true)
            #expect(revealed.status == 0 && revealed.output.count > 16, "\(revealed.errors)")
            for command in ["runs", "show", "report"] { try await Self.look(command, world) }
        }
    }

    /// Looks at the newest run in every form.
    private static func look(_ command: String, _ world: CanaryWorld) async throws {
        let ways: [[String]] =
            switch command {
            case "runs": [[], ["--json"]]
            case "show": [["last", "--calls", "--log"], ["last", "--calls", "--log", "--json"], ["last"]]
            default:
                ["text", "markdown", "html", "json", "junit"].map { ["last", "--format", $0] }
                    + [["last", "--format", "html", "-o", "report.html"]]
            }
        for arguments in ways {
            let outcome = try await world.run([command] + arguments, mayShowResult: false)
            #expect(outcome.status == 0, "\(outcome.errors)")
        }
    }
}

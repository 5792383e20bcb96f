import Glibc
import Operations
import RESTClient
import Testing

@testable import runbook

/// Where secrets come from, and where they never go.
@Suite struct ConfigurationSecretTests {
    private static func world(_ password: String) -> World {
        World(user: "targets: { t: { console: { url: https://c.example, user: u, password: \(password) } } }")
    }

    private static func password(_ world: World, warn: (String) -> Void = { _ in }) throws -> String? {
        guard case .basic(_, let password, _)? = try world.load().target(warn: warn).console?.credentials else {
            return nil
        }
        return password.reveal()
    }

    @Test(arguments: ["hunter2", "\"hunter2\"", "''", "|\n        hunter2\n"])
    func aSecretInTheFileIsRefusedAndNotRepeated(_ text: String) throws {
        let failure = try World(
            user: "targets:\n  t:\n    console:\n      url: https://c.example\n      user: u\n      password: \(text)"
        ).failure()
        #expect(failure.contains("\(World.user):6: targets.t.console.password stands in the file itself"))
        #expect(failure.contains("{ env: NAME }, { file: PATH } or { command: [PROGRAM, ARGUMENT…] }"))
        #expect(!failure.contains("hunter2"))
    }

    @Test(arguments: ["{}", "{ env: A, file: b }"])
    func aSecretIsKeptInOnePlace(_ text: String) throws {
        #expect(try Self.world(text).failure().contains("must say where the secret is kept in one way"))
    }

    @Test func nothingIsReadBeforeItIsNeeded() throws {
        let configuration = try Self.world("{ command: [not-there] }").load()
        #expect(configuration.entry("targets.t.console.password") == "‹secret› printed by not-there < \(World.user):1")
    }

    @Test func noSecretIsAmongTheEntries() throws {
        var world = Self.world("{ env: MY_PASSWORD }")
        world.environment.merge([
            "MY_PASSWORD": "hunter2", "RUNBOOK_CONSOLE_URL": "https://d.example", "RUNBOOK_CONSOLE_USER": "u",
            "RUNBOOK_CONSOLE_PASSWORD": "hunter3", "RUNBOOK_CONSOLE_TOKEN": "hunter4",
        ]) { $1 }
        let report = ConfigReport(try world.load())
        for text in [report.text, report.json.text] {
            #expect(!text.contains("hunter"))
            #expect(text.contains("‹secret› from the variable MY_PASSWORD"))
            #expect(text.contains("‹secret› from the variable RUNBOOK_CONSOLE_TOKEN"))
        }
    }

    @Test(arguments: [("hunter2\n", "hunter2"), ("hunter2\r\n", "hunter2"), (" hunter2 ", " hunter2 "), ("h\n\n", nil)])
    func oneLineEndIsTakenOff(_ content: String, _ expected: String?) throws {
        var world = Self.world("{ file: /run/p }")
        world["/run/p"] = MemoryFiles.File(content)
        if let expected {
            #expect(try Self.password(world) == expected)
        } else {
            #expect(try world.load().targetFailure().contains("line end"))
        }
    }

    @Test func aSecretThatIsNotThereIsToldApart() throws {
        var world = Self.world("{ file: /run/p }")
        #expect(try world.load().targetFailure().contains("the file /run/p, which does not exist"))
        world["/run/p"] = ""
        #expect(
            try world.load().targetFailure()
                == "the file /run/p for targets.t.console.password is empty: it must be the secret alone, on one line")
        world["/run/p"] = MemoryFiles.File("x", failure: FileFailure("permission is denied"))
        #expect(
            try world.load().targetFailure().hasSuffix("the file /run/p, which cannot be read: permission is denied"))
        #expect(
            try Self.world("{ env: NOT_SET }").load().targetFailure()
                == "targets.t.console.password is to be in the variable NOT_SET, which is not set: set it, then try again"
        )
        #expect(
            try Self.world("{ command: [nope] }").load().targetFailure()
                == "targets.t.console.password is to be printed by nope, which is not installed or not in PATH: run it by hand to "
                + "see why, then try again")
    }

    @Test func aFileThatEverybodyCanReadIsPointedOut() throws {
        var world = Self.world("{ file: /run/p }")
        let notes = Notes()
        world["/run/p"] = MemoryFiles.File("x", permissions: 0o644)
        #expect(try Self.password(world, warn: notes.add) == "x")
        #expect(notes.all == ["every user of this machine can read the secret in /run/p: run chmod 600 /run/p"])
        world["/run/p"] = MemoryFiles.File("x", permissions: 0o640)
        _ = try Self.password(world, warn: notes.add)
        #expect(notes.all.count == 1)
    }

    // MARK: Programs

    private static func run(_ script: String, timeout: Duration = .seconds(20)) throws -> String {
        let command = CredentialCommand(
            ["sh", "-c", script], environment: ["PATH": "/usr/bin:/bin", "X": "from-env"], timeout: timeout)
        return String(decoding: try command.run(), as: UTF8.self)
    }

    @Test func aProgramPrintsTheSecret() throws {
        #expect(try Self.run("printf '%s' \"$X\"") == "from-env")
    }

    @Test(arguments: [
        ("exit 3", "failed with exit code 3"), ("kill -9 $$", "was ended by signal 9"),
        ("head -c 100000 /dev/zero", "printed more than a secret"),
    ])
    func aProgramThatFailsIsToldApart(_ script: String, _ reason: String) throws {
        let error = #expect(throws: CredentialCommand.Failure.self) { try Self.run(script) }
        #expect(error?.reason == reason)
    }

    @Test func aProgramThatHangsIsEnded() throws {
        let error = #expect(throws: CredentialCommand.Failure.self) {
            try Self.run("exec sleep 600", timeout: .milliseconds(1))
        }
        #expect(error?.reason.hasPrefix("did not end within") == true)
    }

    @Test func aProgramThatIsNotThereIsToldApart() throws {
        let command = CredentialCommand(["runbook-no-such-program"], environment: [:])
        let error = #expect(throws: CredentialCommand.Failure.self) { try command.run() }
        #expect(error?.reason == "is not installed or not in PATH")
    }
}

import ArgumentParser
import CommandSupport
import FoundationEssentials
import Operations
import Testing

@testable import runbook

/// Where a secret comes from that a person gives on the command line, and what is said if it cannot be had.
@Suite struct SecretInputTests {
    private static func read(_ text: String, patience: Duration = .seconds(20)) throws -> String {
        try SecretInput.read(
            text, name: "the parameter 'p'", environment: ["PATH": "/usr/bin:/bin", "SECRET": "hunter2", "EMPTY": ""],
            mayAsk: false, patience: patience
        ).reveal()
    }

    private static func failure(_ text: String, patience: Duration = .seconds(20)) -> String {
        let error = #expect(throws: CommandError.self) { try read(text, patience: patience) }
        #expect(error?.message.contains("hunter2") == false)
        return error?.message ?? ""
    }

    @Test func aVariableHoldsIt() throws {
        #expect(try Self.read("env:SECRET") == "hunter2")
        #expect(Self.failure("env:EMPTY").contains("the environment variable EMPTY"))
        #expect(Self.failure("env:MISSING").contains("is not set or empty"))
    }

    @Test(arguments: [("hunter2", "hunter2"), ("hunter2\n", "hunter2"), ("hunter2\r\n", "hunter2"), (" a b ", " a b ")])
    func aFileHoldsItWithoutTheLineEnd(_ content: String, _ expected: String) async throws {
        try await withTemporaryDirectory { folder in
            try Data(content.utf8).write(to: URL(filePath: folder + "/secret"))
            #expect(try Self.read("file:\(folder)/secret") == expected)
            #expect(try Self.read("command:cat \(folder)/secret") == expected)
        }
    }

    @Test func aProgramPrintsItAndNoShellReadsTheWords() throws {
        #expect(try Self.read("command:printf %s|%s $SECRET ;echo") == "$SECRET|;echo")
        #expect(try Self.read("command:  echo   hunter2  ") == "hunter2")
        #expect(try Self.read("command:printenv SECRET") == "hunter2")
    }

    @Test(arguments: [
        ("command:", "names no program"), ("command:runbook-no-such-program", "is not installed or not in PATH"),
        ("command:false", "failed with exit code 1"), ("command:true", "printed nothing"),
        ("command:printf \\377", "is not text in UTF-8"),
        ("command:head -c 100000 /dev/zero", "printed more than a secret"),
    ])
    func aProgramThatPrintsNoneIsToldApart(_ text: String, _ reason: String) {
        #expect(Self.failure(text).contains(reason))
    }

    @Test func aProgramThatHangsIsEnded() {
        #expect(Self.failure("command:sleep 600", patience: .milliseconds(1)).contains("did not end within"))
    }

    @Test(arguments: ["hunter2", "env=hunter2", "", "ENV:hunter2"]) func aSecretOnTheCommandLineIsRefused(
        _ text: String
    ) {
        let message = Self.failure(text)
        #expect(message.contains("is never given on the command line"))
        #expect(message.contains("write \(SecretInput.ways)"))
    }

    @Test func withoutATerminalNobodyIsAsked() {
        #expect(Self.failure("-").contains("cannot be asked for without a terminal"))
    }

    @Test func everyHelpNamesTheSameWays() {
        for help in [
            RunCommand.helpMessage(columns: 10_000), PlanCommand.helpMessage(columns: 10_000),
            CallCommand.helpMessage(columns: 10_000), DecideCommand.helpMessage(columns: 10_000),
        ] {
            #expect(help.contains(SecretInput.ways), "\(help)")
        }
    }

    @Test func aTableThatCannotBeReadIsNotRepeated() throws {
        let operation = try #require(Catalogue.standard["users.create"])
        let reader = ArgumentReader(operation: operation, environment: [:], mayAsk: false)
        for text in ["{\"password\": \"hunter2\"", "{password = hunter2}", "[\"hunter2\"]"] {
            let error = #expect(throws: CommandError.self) { try reader.read([text]) }
            #expect(error?.message.hasPrefix("user of users.create must be a JSON object") == true)
            #expect(error?.message.contains("hunter2") == false)
        }
    }
}

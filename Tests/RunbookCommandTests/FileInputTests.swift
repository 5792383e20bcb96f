import ConsoleSimulator
import FoundationEssentials
import Glibc
import RunbookHost
import Testing

@testable import runbook

@Suite struct FileInputTests {
    private func failure(_ path: String) -> String {
        do throws(ParameterFault) {
            return try FileInput.read("people", path).text
        } catch { return error.description }
    }

    @Test func aFileIsReadUnderItsOwnName() async throws {
        try await withTemporaryDirectory { folder in
            try Data("a,b\n".utf8).write(to: URL(filePath: folder + "/people.csv"))
            #expect(
                try FileInput.read("people", folder + "/people.csv") == ParameterFile(name: "people.csv", text: "a,b\n")
            )
        }
    }

    @Test func whatCannotBeReadSaysWhyAndWhatToDo() async throws {
        try await withTemporaryDirectory { folder in
            #expect(failure("").contains("give its path, such as people=people.csv"))
            #expect(failure(folder + "/none").contains("/none, which is not there"))
            #expect(failure(folder).contains("cannot be read: it is a folder"))
            try Data([0xff, 0xfe, 0x61, 0]).write(to: URL(filePath: folder + "/wide"))
            #expect(failure(folder + "/wide").contains("is written in UTF-16"))
            try Data([0x61, 0xff]).write(to: URL(filePath: folder + "/binary"))
            #expect(failure(folder + "/binary").contains("is no UTF-8 text"))
            #expect(mkfifo(folder + "/pipe", 0o600) == 0)
            #expect(failure(folder + "/pipe").contains("is a pipe that nobody has written to"))
            try Data(repeating: 0x61, count: ParameterFile.maximumSize + 1).write(to: URL(filePath: folder + "/large"))
            #expect(failure(folder + "/large").contains("it is larger than 8192 KB"))
        }
    }

    @Test func theHomeFolderIsKnown() async throws {
        try await withTemporaryDirectory { folder in
            try Data("a".utf8).write(to: URL(filePath: folder + "/people.csv"))
            #expect(try FileInput.read("people", "~/people.csv", environment: ["HOME": folder]).text == "a")
        }
    }

    private static let source = """
        runbook { params = { people = { type = "file", required = true } } }
        return csv.decode(params.people.text)
        """

    @Test func aRunIsGivenAFileOrWhatIsPipedIn() async throws {
        try await CommandHarness.with(SimulatorConfiguration(users: 1)) { harness, _ in
            let path = try harness.write(Self.source)
            try harness.write("login\nada\n", to: "people.csv")
            let outcome = try await harness.run("run", path, "--param", "people=runbooks/people.csv", "--json")
            #expect(outcome.status == 0, "\(outcome.errors)")
            #expect(outcome.output.contains(#""result":[{"login":"ada"}]"#), "\(outcome.output)")
            let shown = try await harness.run("show", "last")
            #expect(shown.output.contains("people.csv (10 bytes, SHA-256 "), "\(shown.output)")
            let missing = try await harness.run("run", path, "--param", "people=gone.csv")
            #expect(missing.status == 64)
            #expect(missing.errors.contains("is to be the file gone.csv, which is not there"), "\(missing.errors)")
        }
    }

    @Test func aScheduleKeepsThePathAndSeesFaultsAtOnce() async throws {
        try await CommandHarness.with(SimulatorConfiguration(users: 1)) { harness, _ in
            let path = try harness.write(Self.source)
            try harness.write("login\nada\n", to: "people.csv")
            let missing = try await harness.run(
                "schedule", "add", "x", path, "--every", "1h", "--param", "people=gone.csv")
            #expect(missing.status == 64)
            for fleeting in ["-", "/dev/stdin", "//dev/stdin", "/proc/self/fd/0", "/tmp"] {
                let piped = try await harness.run(
                    "schedule", "add", "x", path, "--every", "1h", "--param", "people=\(fleeting)")
                #expect(piped.status == 64)
                #expect(piped.errors.contains("give the path of one that stays"), "\(fleeting): \(piped.errors)")
            }
            let added = try await harness.run(
                "schedule", "add", "x", path, "--every", "1h", "--param", "people=runbooks/people.csv")
            #expect(added.status == 0, "\(added.errors)")
            let shown = try await harness.run("schedule", "show", "x")
            #expect(shown.output.contains("\(harness.directory)/runbooks/people.csv"), "\(shown.output)")
        }
    }
}

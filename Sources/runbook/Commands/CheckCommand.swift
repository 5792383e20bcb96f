import ArgumentParser
import CommandSupport
import Operations
import RunbookHost
import RunbookTesting
import SharedLoop

/// `runbook check FILE…`.
struct CheckCommand: LoopCommand {
    static let configuration = CommandConfiguration(
        commandName: "check",
        abstract: "Check runbooks without running them.",
        discussion: """
            Finds syntax errors, faults in the manifest, unknown globals and operations, and capabilities that are used and \
            not declared. Nothing is sent. Exits with 1 if there is an error; warnings alone exit with 0. Files of tests, \
            NAME_test.lua, are passed over: 'runbook test' runs them.
            """)

    @Argument(
        help: ArgumentHelp("Runbooks, by path or name.", valueName: "file"), completion: WordCompletion.runbooks)
    var files: [String]

    @OptionGroup var options: GlobalOptions

    func run(on loop: SharedLoop) async throws {
        let session = try Session(
            options, loop: loop, environment: ConfigurationSources.processEnvironment, defaultLevel: .error)
        let runbooks = files.filter { !$0.hasSuffix(TestFile.suffix) }
        guard !runbooks.isEmpty else {
            throw CommandError(
                "\(files.joined(separator: ", ").shown): tests are not checked, but run, with 'runbook test'")
        }
        var findings: [Finding] = []
        for file in runbooks {
            let runbook = try RunbookFile.read(file, directories: session.configuration.runbookDirectories)
            findings += await session.host.check(runbook)
        }
        let isClean = !findings.contains { $0.severity == .error }
        if options.json {
            let list = findings.map { finding -> JSONValue in
                [
                    "file": .string(finding.file), "line": .integer(Int64(finding.line)),
                    "severity": .string(finding.severity.rawValue), "code": .string(finding.code.rawValue),
                    "message": .string(finding.message),
                ]
            }
            StandardStream.output.write(JSONValue.object(["ok": .bool(isClean), "findings": .array(list)]).text + "\n")
        } else {
            for finding in findings { StandardStream.output.write("\(finding)\n") }
            if findings.isEmpty {
                session.terminal.write(
                    line:
                        "\(runbooks.count == 1 ? "1 runbook" : "\(runbooks.count) runbooks"), nothing to complain about"
                )
            }
        }
        if !isClean { throw ExitStatus.failed.exitCode }
    }
}

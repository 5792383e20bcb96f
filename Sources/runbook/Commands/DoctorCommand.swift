import ArgumentParser
import CommandSupport
import LuaMachine
import Operations
import SharedLoop

/// `runbook doctor`.
struct DoctorCommand: LoopCommand {
    static let configuration = CommandConfiguration(
        commandName: "doctor",
        abstract: "Check what is installed, what confines runbooks, and whether each target lets you in.",
        discussion: """
            Every failed check says what to do. Nothing is changed, here or on a target. The exit code is 1 if a check \
            failed. With --target NAME only that target is looked at:

              runbook doctor --target prod
            """)

    @OptionGroup var options: GlobalOptions

    func run(on loop: SharedLoop) async throws {
        let environment = ConfigurationSources.processEnvironment
        let configuration = Result { () throws(CommandError) in
            try Configuration.load(options, environment: environment)
        }
        let doctor = Doctor(
            worker: WorkerChecks(executable: WorkerSupervisor.executableBesideProgram()), configuration: configuration)
        let report = DoctorReport(await doctor.checks())
        if options.json {
            StandardStream.output.write(report.json.text + "\n")
        } else {
            let hasColor =
                Terminal(options: options, environment: environment).hasColor && StandardStream.output.isTerminal
            StandardStream.output.write(report.text(hasColor: hasColor))
        }
        if !report.isOK { throw ExitStatus.failed.exitCode }
    }
}

/// How `runbook doctor` shows its checks.
struct DoctorReport {
    private let checks: [Check]

    init(_ checks: [Check]) { self.checks = checks }

    var isOK: Bool { !checks.contains { $0.outcome == .failed } }

    func text(hasColor: Bool) -> String {
        var text = ""
        var group = ""
        let width = checks.map(\.name.count).max() ?? 0
        for check in checks {
            if check.group != group {
                text += (group.isEmpty ? "" : "\n") + check.group + "\n"
                group = check.group
            }
            let name = check.name + String(repeating: " ", count: width - check.name.count)
            text +=
                "  \(mark(check.outcome, hasColor)) \(check.detail.isEmpty ? check.name : "\(name)  \(check.detail)")\n"
            if !check.advice.isEmpty { text += "      → \(check.advice)\n" }
        }
        let failed = checks.count { $0.outcome == .failed }
        return text + (isOK ? "\nEverything is fine.\n" : "\n\(failed) of \(checks.count) checks failed.\n")
    }

    var json: JSONValue { ["ok": .bool(isOK), "checks": .array(checks.map(\.json))] }

    private func mark(_ outcome: Check.Outcome, _ hasColor: Bool) -> String {
        let (mark, color) =
            switch outcome {
            case .ok: ("✓", Terminal.Color.green)
            case .failed: ("✗", .red)
            case .skipped: ("–", .dim)
            }
        return hasColor ? "\u{1b}[\(color.rawValue)m\(mark)\u{1b}[0m" : mark
    }
}

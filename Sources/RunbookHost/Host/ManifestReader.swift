internal import LuaMachine
internal import Operations

/// Reads a manifest without letting any call through.
struct ManifestReader {
    let host: RunbookHost

    /// A script that reaches its manifest later than this computes before it declares itself.
    private static let patience: Duration = .seconds(5)

    func read(_ runbook: Runbook) async throws(RunError) -> ManifestDeclaration {
        let machine: any LuaMachine
        do throws(MachineError) {
            machine = try await host.machines.start(host.program(runbook, limits: RunLimits(), seed: 0))
        } catch { throw RunError(.machine, message: error.description) }
        let clock = host.clock
        let deadline = Task {
            try await clock.sleep(for: Self.patience)
            machine.interrupt(.time)
        }
        let outcome = await firstCall(machine, runbook)
        deadline.cancel()
        await machine.close()
        return try outcome.get()
    }

    private func firstCall(_ machine: any LuaMachine, _ runbook: Runbook) async -> Result<ManifestDeclaration, RunError>
    {
        while true {
            let event: MachineEvent
            do throws(MachineError) { event = try await machine.nextEvent() } catch {
                return .failure(RunError(.machine, message: error.description))
            }
            switch event {
            case .calls(let calls):
                guard let call = calls.first(where: { !$0.isNote }) else { continue }
                guard call.name == HostFunction.declare.rawValue else {
                    return .failure(.late(call.name, runbook.name, line: call.line))
                }
                let arguments = (try? JSONValue(parsing: call.arguments))?.arrayValue ?? []
                return .success(
                    ManifestDeclaration(
                        table: Manifest.closed(arguments.first ?? .null), line: Int(call.line), sha256: runbook.sha256))
            case .waiting, .ready: continue
            case .diverged:  // no answer was given ahead
                return .failure(.unreadable("an end"))
            case .finished: return .failure(.withoutManifest(runbook.name))
            case .failed(let report, _): return .failure(MachineReport(report).error)
            case .stopped(let report, _):
                let report = MachineReport(report)
                return .failure(
                    RunError(
                        .manifest,
                        message: "\(runbook.name) does not reach runbook { … } within its limits (\(report.limit)): "
                            + "put it first in the file", location: report.location))
            }
        }
    }
}

extension RunError {
    /// A script that never declared itself.
    static func withoutManifest(_ name: String) -> RunError {
        RunError(
            .manifest,
            message: "\(name) has no manifest: begin it with runbook { title = \"…\", needs = { … } }",
            location: "\(name):1")
    }

    /// A script that calls before it declares itself.
    ///
    /// - Parameter line: the call's; 0 if a function of the prelude makes it in a task of its own.
    static func late(_ operation: String, _ name: String, line: UInt32) -> RunError {
        let what = line > 0 ? operation : "a function that calls \(operation), such as users.each,"
        return RunError(
            .manifest,
            message: "\(what) is called before runbook { … }: the manifest must come first in the file",
            location: "\(name):\(max(line, 1))")
    }
}

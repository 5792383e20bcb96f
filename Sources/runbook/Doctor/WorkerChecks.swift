import Glibc
import LuaMachine
import Operations

/// Whether scripts can be run, and what holds them.
struct WorkerChecks {
    /// The group of what only the worker itself can tell.
    static let group = "confinement, by the worker's own word"

    /// The path of `runbook-vm`.
    let executable: String
    /// How long a trivial script may take. Default: 5 s.
    var patience: Duration = .seconds(5)

    func checks() async -> [Check] {
        var checks: [Check] = [.ok("system", "kernel", Self.kernel)]
        guard access(executable, X_OK) == 0 else {
            checks.append(
                .failed(
                    "worker", "program", "\(executable): \(FileFailure(errno: errno).reason)",
                    advice: "install runbook-vm beside runbook: no runbook can run without it"))
            return checks
        }
        checks.append(.ok("worker", "program", executable))
        do throws(MachineError) {
            checks += try await probe()
        } catch {
            let advice =
                if case .confinement = error {
                    "use a kernel with seccomp, or --unconfined for a runbook that you trust"
                } else { "install runbook and runbook-vm of one version, side by side" }
            checks.append(.failed("worker", "start", error.description, advice: advice))
        }
        return checks
    }

    /// Runs a script that does nothing but call once; while it waits for the answer, the kernel is asked what holds it.
    /// Then the worker is asked what it found itself.
    private func probe() async throws(MachineError) -> [Check] {
        let supervisor = try WorkerSupervisor(executable: executable)
        let machine = try await supervisor.start(
            MachineProgram(
                bindings: ["doctor.look"], prelude: [], name: "doctor.lua",
                source: Array("doctor.look() return _VERSION".utf8)))
        let deadline = Task { [patience] in
            try await ContinuousClock().sleep(for: patience)
            machine.interrupt(.time)
        }
        let (outcome, seen) = await Self.end(of: machine)
        deadline.cancel()
        let report = machine.confinementReport
        await machine.close()
        let start: Check
        switch try outcome.get() {
        case .finished(let result, _):
            let version = (try? JSONValue(parsing: result))?.stringValue ?? "?"
            start = .ok("worker", "start", "a script ran, \(version)")
        case .failed(let report, _):
            let message = (try? JSONValue(parsing: report))?["message"]?.stringValue ?? "no reason given"
            start = .failed(
                "worker", "start", "a script that does nothing failed: \(message)",
                advice: "install runbook and runbook-vm of one version, side by side")
        case .stopped, .calls, .waiting, .diverged, .ready:
            start = .failed(
                "worker", "start", "a script that does nothing did not end within \(patience)",
                advice: "look at what else this machine is busy with")
        }
        return [start] + Self.confinement(report) + seen
    }

    private static func end(of machine: ConfinedMachine) async -> (Result<MachineEvent, MachineError>, [Check]) {
        var seen: [Check] = []
        while true {
            do throws(MachineError) {
                let event = try await machine.nextEvent()
                guard case .calls(let calls) = event else { return (.success(event), seen) }
                if let process = machine.processIdentifier { seen = KernelChecks(process: process).checks() }
                for call in calls { machine.reply(MachineReply(id: call.id, reading: .nothing, json: [])) }
            } catch { return (.failure(error), seen) }
        }
    }

    /// The worker's own findings, measure by measure.
    static func confinement(_ report: [UInt8]?) -> [Check] {
        let group = Self.group
        let measures = report.flatMap { try? JSONValue(parsing: $0) }?.objectValue ?? [:]
        guard !measures.isEmpty else {
            return [
                .failed(
                    group, "report", "the worker has not said what confines it",
                    advice: "install runbook and runbook-vm of one version, side by side")
            ]
        }
        return measures.sorted { $0.key < $1.key }.map { name, holds in
            let meaning = meanings[name] ?? ""
            return holds.boolValue == true
                ? .ok(group, name, meaning)
                : .failed(
                    group, name, "does not hold: \(meaning.isEmpty ? name : meaning)",
                    advice: "run only runbooks that you trust on this machine")
        }
    }

    /// What each measure is for.
    private static let meanings = [
        "own_session": "no signal from or to the terminal's programs",
        "root_directory": "no folder of yours is its working directory",
        "private_umask": "whatever it could make would be its own",
        "no_exec_by_read": "memory that can be read is not run",
        "low_priority": "runbook itself comes first when the processor is busy",
        "signals": "none is blocked, so that it can be ended; other programs of your user can send it some",
        "wiped_environment": "sees no environment variable",
        "closed_descriptors": "nothing open but the socket to runbook",
        "no_descriptors": "cannot open anything",
        "no_file_growth": "cannot write files",
        "no_processes": "cannot start processes",
        "no_core": "leaves no memory image on the disk",
        "address_space": "its address space is capped",
        "cpu_time": "processor time is capped",
        "no_capabilities": "no privileges, also when started by root",
        "no_new_privs": "can gain no privileges",
        "not_dumpable": "its memory cannot be read by other processes",
        "dies_with_host": "ends when runbook ends",
        "seccomp": "only a handful of system calls",
    ]

    /// `Linux 6.1.0-18-amd64`.
    private static var kernel: String {
        var names = utsname()
        guard uname(&names) == 0 else { return "unknown" }
        func text(_ field: some Any) -> String {
            withUnsafeBytes(of: field) { String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self) }
        }
        return "\(text(names.sysname)) \(text(names.release)) \(text(names.machine))"
    }
}

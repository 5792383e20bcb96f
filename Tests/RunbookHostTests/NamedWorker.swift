import Foundation
import LuaMachine
import RunbookHost

/// The worker under a name of a test's own, to know its processes by.
struct NamedWorker {
    private let folder: String
    private let program: String

    init() throws {
        folder = NSTemporaryDirectory() + "runbook-tests-\(UUID().uuidString)"
        program = folder + "/runbook-vm"
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        try FileManager.default.createSymbolicLink(
            atPath: program, withDestinationPath: WorkerSupervisor.executableBesideProgram())
    }

    func remove() { try? FileManager.default.removeItem(atPath: folder) }

    var machines: MachineProvider {
        get throws { .confined(try WorkerSupervisor(executable: program)) }
    }

    /// The processes that were started by this name.
    var processes: [pid_t] {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: "/proc")) ?? []
        return names.compactMap { pid_t($0) }.filter { process in
            guard let words = FileManager.default.contents(atPath: "/proc/\(process)/cmdline") else { return false }
            return words.split(separator: 0).first.map { String(decoding: $0, as: UTF8.self) } == program
        }
    }
}

import Glibc
import RunbookHost

/// What the kernel shows of a worker from outside: its word beside the worker's own.
struct KernelChecks {
    static let group = "confinement, as the kernel shows it from outside"

    /// `/proc/PID/status`; `nil` if it cannot be read.
    let status: String?
    /// `/proc/PID/limits`; `nil` if it cannot be read.
    let limits: String?

    init(status: String?, limits: String?) {
        self.status = status
        self.limits = limits
    }

    /// Looks at a process that lives.
    init(process: pid_t) {
        status = Self.file("/proc/\(process)/status")
        limits = Self.file("/proc/\(process)/limits")
    }

    func checks() -> [Check] {
        let group = Self.group
        guard let status, let limits else {
            return [.skipped(group, "worker", "/proc shows no other processes here: the worker's own word stands")]
        }
        let facts = Self.facts(status)
        let capabilities = ["CapInh", "CapPrm", "CapEff", "CapAmb"].map { facts[$0] ?? "unknown" }
        let bytes = Self.limit("address space", limits).flatMap { Int($0) }
        let seconds = Self.limit("cpu time", limits).flatMap { Int64($0) }
        let results: [(name: String, meaning: String, holds: Bool)] = [
            ("seccomp filter", "only a handful of system calls", facts["Seccomp"] == "2"),
            ("no new privileges", "can gain no privileges", facts["NoNewPrivs"] == "1"),
            ("capabilities", "none", capabilities.allSatisfy { !$0.isEmpty && $0.allSatisfy { $0 == "0" } }),
            ("threads", "one, so that no other one is left out", facts["Threads"] == "1"),
            ("open files", "none can be opened", Self.limit("open files", limits) == "0"),
            ("file size", "no file can grow", Self.limit("file size", limits) == "0"),
            ("processes", "none can be started", Self.limit("processes", limits) == "0"),
            ("core file", "no memory image", Self.limit("core file size", limits) == "0"),
            ("address space", bytes.map { "at most \($0.readableBytes)" } ?? "capped", bytes != nil),
            ("cpu time", seconds.map { "at most \(Duration.seconds($0).readable)" } ?? "capped", seconds != nil),
        ]
        return results.map { name, meaning, holds in
            holds
                ? .ok(group, name, meaning)
                : .failed(
                    group, name, "does not hold: \(meaning)", advice: "run only runbooks that you trust on this machine"
                )
        }
    }

    /// The lines `Name:<tab>value`.
    private static func facts(_ status: String) -> [String: String] {
        var facts: [String: String] = [:]
        for line in status.split(separator: "\n") {
            let parts = line.split(separator: ":", maxSplits: 1)
            guard parts.count == 2 else { continue }
            facts[String(parts[0])] = String(parts[1].drop { $0 == " " || $0 == "\t" })
        }
        return facts
    }

    /// The hard limit of that name.
    private static func limit(_ name: String, _ limits: String) -> String? {
        let start = "Max \(name) "
        guard let line = limits.split(separator: "\n").first(where: { $0.hasPrefix(start) }) else { return nil }
        let columns = line.dropFirst(start.count).split(separator: " ")
        return columns.count >= 2 ? String(columns[1]) : nil
    }

    private static func file(_ path: String) -> String? {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { return nil }
        defer { close(descriptor) }
        var bytes = [UInt8](repeating: 0, count: 16_384)
        let count = read(descriptor, &bytes, bytes.count)
        return count > 0 ? String(decoding: bytes.prefix(count), as: UTF8.self) : nil
    }
}

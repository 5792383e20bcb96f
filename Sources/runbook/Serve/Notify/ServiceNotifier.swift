import Glibc
import LuaMachine

/// Tells the service manager how the daemon is, as systemd's `sd_notify` does.
///
/// Without a manager that wants to know it does nothing. It never waits: what the manager has no room for is lost, and
/// said so by `false`.
struct ServiceNotifier: Sendable {
    /// The variables that it reads. They are meant for this process alone.
    static let variables = ["NOTIFY_SOCKET", "WATCHDOG_USEC", "WATCHDOG_PID"]

    /// The manager's socket: a path, or a name that begins with a zero byte. Empty if there is none.
    private let socketName: [UInt8]
    /// How often ``watchdog()`` is to be called: half the time after which the manager kills. `nil` if it watches not.
    let watchdogInterval: Duration?

    /// Reads the variables; ``take(from:)`` is what a program does.
    ///
    /// - Parameter process: this process: the manager may watch another one.
    init(environment: [String: String], process: Int32 = getpid()) {
        socketName = Self.socketName(environment["NOTIFY_SOCKET"] ?? "")
        let isWatched = environment["WATCHDOG_PID"].map { Int32($0) == process } ?? true
        let microseconds = environment["WATCHDOG_USEC"].flatMap { Int64($0) } ?? 0
        watchdogInterval =
            isWatched && microseconds > 1 && !socketName.isEmpty ? .microseconds(microseconds / 2) : nil
    }

    /// Reads the variables and takes them away, from `environment` and from the process's own: no program that is started
    /// later gets them, by whichever of the two. To be called before other threads read the environment.
    static func take(from environment: inout [String: String]) -> ServiceNotifier {
        let notifier = ServiceNotifier(environment: environment)
        for name in variables {
            environment[name] = nil
            unsetenv(name)
        }
        return notifier
    }

    /// Whether somebody wants to know.
    var isWanted: Bool { !socketName.isEmpty }

    /// The daemon is up, or has read its configuration anew.
    @discardableResult func ready(status: String = "") -> Bool { send(["READY=1"], status) }

    /// The daemon begins to read its configuration anew; ``ready(status:)`` ends that.
    @discardableResult func reloading() -> Bool {
        send(["RELOADING=1", "MONOTONIC_USEC=\(SystemTime.monotonicMicroseconds)"])
    }

    /// The daemon begins to end.
    @discardableResult func stopping(status: String = "") -> Bool { send(["STOPPING=1"], status) }

    /// What `systemctl status` shows: one line.
    @discardableResult func status(_ text: String) -> Bool { send([], text) }

    /// The daemon lives.
    @discardableResult func watchdog() -> Bool { watchdogInterval == nil ? true : send(["WATCHDOG=1"]) }

    /// The daemon needs more time to start, to read its configuration or to end than the unit gives it: so much from now.
    @discardableResult func extendTimeout(_ duration: Duration) -> Bool {
        send(["EXTEND_TIMEOUT_USEC=\(Int64(duration / .microseconds(1)))"])
    }

    /// Tells the watchdog at its interval until it is cancelled; returns at once if nobody watches.
    ///
    /// - Parameter isWell: is asked each time; if not, nothing is told, and the manager does what its unit says.
    func keepWatchdog(while isWell: @Sendable () async -> Bool) async {
        guard let watchdogInterval else { return }
        while !Task.isCancelled {
            if await isWell() { watchdog() }
            // The manager's clock stands still while the machine is suspended, and so does this one.
            guard (try? await SuspendingClock().sleep(for: watchdogInterval)) != nil else { return }
        }
    }

    /// Sends one message: a line each.
    private func send(_ lines: [String], _ status: String = "") -> Bool {
        guard isWanted else { return true }
        var lines = lines
        // A line end would begin an assignment of its own.
        if !status.isEmpty { lines.append("STATUS=" + String(status.map { $0.isNewline ? " " : $0 })) }
        let text = Array(lines.joined(separator: "\n").utf8)
        let descriptor = socket(
            AF_UNIX, Int32(SOCK_DGRAM.rawValue | SOCK_CLOEXEC.rawValue | SOCK_NONBLOCK.rawValue), 0)
        guard descriptor >= 0 else { return false }
        defer { close(descriptor) }
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: socketName) }
        // A name in no file system ends where the address ends.
        let length = socklen_t(
            MemoryLayout<sockaddr_un>.size - MemoryLayout.size(ofValue: address.sun_path) + socketName.count)
        let sent = withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                sendto(descriptor, text, text.count, Int32(MSG_NOSIGNAL) | Int32(MSG_DONTWAIT), $0, length)
            }
        }
        return sent == text.count
    }

    /// As it stands in a socket's address; empty for what is none.
    private static func socketName(_ text: String) -> [UInt8] {
        var name = Array(text.utf8)
        // A zero byte must fit behind a path.
        guard name.count > 1, name.count < MemoryLayout.size(ofValue: sockaddr_un().sun_path), !name.contains(0) else {
            return []
        }
        switch name[0] {
        case UInt8(ascii: "/"): return name
        case UInt8(ascii: "@"):
            name[0] = 0
            return name
        default: return []
        }
    }
}

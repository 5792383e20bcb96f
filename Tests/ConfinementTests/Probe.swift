import Glibc

/// A process that confines itself as the worker does and then tries the thing it is named.
struct Probe {
    /// How a probe ended.
    enum Ending: Equatable {
        /// By itself, with this status.
        case exited(Int32)
        /// By this signal.
        case killed(Int32)
    }

    /// What kept a probe from being started.
    struct SpawnError: Error {
        let call: String
        let code: Int32
    }

    /// The process.
    let process: pid_t
    /// The host's end of the socket.
    let socket: Int32
    /// The host's end of another socket, whose other end the probe inherits and is to close.
    let line: Int32

    /// The descriptor at which the probe inherits the other socket; the probe knows it too.
    private static let inherited: Int32 = 17

    /// Starts the probe. `host` is the process it believes to be its host; by default the one that is.
    ///
    /// The calling thread must wait for the probe: the probe dies with the thread that started it.
    init(_ what: String, host: pid_t = getpid(), environment: [String] = []) throws {
        let ends = try Self.pair(), line = try Self.pair()
        defer {
            close(ends.theirs)
            close(line.theirs)
        }

        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        // Of the two targets neither may be the other's source, which is still needed.
        let first = fcntl(ends.theirs, F_DUPFD_CLOEXEC, 64), second = fcntl(line.theirs, F_DUPFD_CLOEXEC, 64)
        defer {
            close(first)
            close(second)
        }
        posix_spawn_file_actions_adddup2(&actions, first, 3)
        posix_spawn_file_actions_adddup2(&actions, second, Self.inherited)

        let path = try Self.directory() + "/confinement-probe"
        var arguments = Self.copies(of: ["confinement-probe", String(host), what])
        var variables = Self.copies(of: environment)
        defer { for text in arguments + variables { free(text) } }
        var process: pid_t = 0
        let code = posix_spawn(&process, path, &actions, nil, &arguments, &variables)
        guard code == 0 else { throw SpawnError(call: "posix_spawn \(path)", code: code) }
        self.process = process
        self.socket = ends.ours
        self.line = line.ours
    }

    /// What one read of the socket gives: a message, or nothing when the probe is gone.
    func receive() -> String {
        var bytes = [UInt8](repeating: 0, count: 4096)
        let count = read(socket, &bytes, bytes.count)
        return String(decoding: bytes.prefix(Swift.max(0, count)), as: UTF8.self)
    }

    /// Sends bytes to the probe; a probe that is gone is no error.
    func send(_ text: String) {
        let bytes = Array(text.utf8)
        _ = Glibc.send(socket, bytes, bytes.count, Int32(MSG_NOSIGNAL))
    }

    /// Everything the probe sends until it is gone, in one text.
    func receiveAll() -> String {
        var all = ""
        while case let part = receive(), !part.isEmpty { all += part }
        return all
    }

    /// Whether the other end of the other socket is closed everywhere. A probe being started beside this one holds it too until
    /// its exec, which this waits for.
    var isInheritedDescriptorClosed: Bool {
        var descriptor = pollfd(fd: line, events: Int16(POLLIN), revents: 0)
        return poll(&descriptor, 1, 10_000) == 1 && descriptor.revents & Int16(POLLHUP) != 0
    }

    /// A file of the kernel about the probe: `status`, `limits`, `environ`. Nil where it may not be read.
    func kernelFile(_ name: String) -> String? {
        let descriptor = open("/proc/\(process)/\(name)", O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { return nil }
        defer { close(descriptor) }
        var bytes = [UInt8](repeating: 0, count: 16384)
        let count = read(descriptor, &bytes, bytes.count)
        return count < 0 ? nil : String(decoding: bytes.prefix(count), as: UTF8.self)
    }

    /// Hangs up, waits for the end, and gives everything back.
    func end() -> Ending {
        shutdown(socket, Int32(SHUT_RDWR))
        return wait()
    }

    /// Waits for the end without hanging up, and gives everything back.
    func wait() -> Ending {
        var status: Int32 = 0
        while waitpid(process, &status, 0) < 0 && errno == EINTR {}
        close(socket)
        close(line)
        // The macros WIFEXITED and so on, which Swift does not import.
        return status & 0x7f == 0 ? .exited((status >> 8) & 0xff) : .killed(status & 0x7f)
    }

    /// Runs a probe that needs no answers to its end.
    static func run(_ what: String) throws -> (ending: Ending, said: String) {
        let probe = try Probe(what)
        let said = probe.receiveAll()
        return (probe.wait(), said)
    }

    /// Two connected sockets that no other process started meanwhile keeps.
    private static func pair() throws -> (ours: Int32, theirs: Int32) {
        var ends: [Int32] = [-1, -1]
        guard socketpair(AF_UNIX, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0, &ends) == 0 else {
            throw SpawnError(call: "socketpair", code: errno)
        }
        return (ends[0], ends[1])
    }

    /// The texts as C wants them, ended by nil; each is to be freed.
    private static func copies(of texts: [String]) -> [UnsafeMutablePointer<CChar>?] {
        var result: [UnsafeMutablePointer<CChar>?] = []
        for text in texts { result.append(strdup(text)) }
        return result + [nil]
    }

    /// The folder of the built products: the test bundle's own.
    private static func directory() throws -> String {
        var bytes = [CChar](repeating: 0, count: Int(PATH_MAX))
        let length = readlink("/proc/self/exe", &bytes, bytes.count)
        guard length > 0 else { throw SpawnError(call: "readlink /proc/self/exe", code: errno) }
        let path = String(decoding: bytes.prefix(length).map { UInt8(bitPattern: $0) }, as: UTF8.self)
        return path.split(separator: "/").dropLast().map { "/" + $0 }.joined()
    }
}

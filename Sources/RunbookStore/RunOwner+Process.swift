internal import Glibc
public import RunbookHost

extension RunOwner {
    /// This process.
    ///
    /// ``RunOwner/boot`` names the namespace of its process number too: containers on one machine number their own.
    public static var current: RunOwner {
        RunOwner(
            host: Self.hostName, boot: "\(Self.bootID)/\(Self.namespace)", process: getpid(),
            processStart: ProcessState("self")?.start ?? 0)
    }

    /// Whether the process lives; `nil` if that cannot be told from here: it runs on another machine, or in another
    /// container of this one.
    public var isAlive: Bool? {
        guard host == Self.hostName else { return nil }
        let parts = boot.split(separator: "/", maxSplits: 1)
        guard parts.count == 2, !Self.bootID.isEmpty else { return nil }
        // The machine was started anew since.
        guard parts[0] == Self.bootID else { return false }
        guard parts[1] == Self.namespace else { return nil }
        guard let state = ProcessState("\(process)") else {
            // Processes of others may be hidden from this user.
            return kill(process, 0) != 0 && errno == ESRCH ? false : nil
        }
        return state.start == processStart && !state.isDead
    }

    private static var hostName: String {
        var name = utsname()
        guard uname(&name) == 0 else { return "" }
        return withUnsafeBytes(of: name.nodename) { String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self) }
    }

    private static var bootID: String {
        let text = ProcessState.contents(of: "/proc/sys/kernel/random/boot_id") ?? []
        return String(decoding: text.prefix { $0 > UInt8(ascii: " ") }, as: UTF8.self)
    }

    /// Such as `pid:[4026531836]`; empty if it is not told.
    private static var namespace: String {
        let name = withUnsafeTemporaryAllocation(of: CChar.self, capacity: 64) { buffer -> String in
            guard let start = buffer.baseAddress else { return "" }
            let count = readlink("/proc/self/ns/pid", start, buffer.count)
            return String(decoding: buffer.prefix(max(0, count)).map { UInt8(bitPattern: $0) }, as: UTF8.self)
        }
        return name
    }
}

import Glibc
import RunbookHost
import RunbookStore
import Testing

/// Whether the process that carries a run lives.
@Suite struct RunOwnerTests {
    private func owner(
        host: String? = nil, boot: String? = nil, process: Int32? = nil, processStart: Int64? = nil
    ) -> RunOwner {
        let current = RunOwner.current
        return RunOwner(
            host: host ?? current.host, boot: boot ?? current.boot, process: process ?? current.process,
            processStart: processStart ?? current.processStart)
    }

    @Test func thisProcessLives() {
        let current = RunOwner.current
        #expect(current.process == getpid())
        #expect(!current.host.isEmpty)
        #expect(current.processStart > 0)
        #expect(current == .current)
        #expect(RunOwner(current.json) == current)
        #expect(current.isAlive == true)
    }

    @Test func anotherThatHasThisNumberNowIsNotTheOwner() {
        #expect(owner(processStart: RunOwner.current.processStart + 1).isAlive == false)
    }

    @Test func aProcessOfAnEarlierStartOfTheMachineIsDead() throws {
        let namespace = try #require(RunOwner.current.boot.split(separator: "/").last)
        #expect(owner(boot: "00000000-0000-0000-0000-000000000000/\(namespace)").isAlive == false)
    }

    @Test func nothingIsKnownOfAnotherMachineOrContainer() throws {
        let bootID = try #require(RunOwner.current.boot.split(separator: "/").first)
        #expect(owner(host: "elsewhere").isAlive == nil)
        #expect(owner(boot: "\(bootID)/pid:[1]").isAlive == nil)
        #expect(owner(boot: String(bootID)).isAlive == nil)
    }

    @Test func aProcessIsDeadAsSoonAsItHasEndedEvenIfNobodyHasNoticed() throws {
        var child = pid_t()
        var arguments: [UnsafeMutablePointer<CChar>?] = [strdup("sleep"), strdup("600"), nil]
        defer { for argument in arguments { free(argument) } }
        try #require(posix_spawn(&child, "/bin/sleep", nil, nil, &arguments, environ) == 0)
        let start = try #require(Self.start(of: child))
        let living = owner(process: child, processStart: start)
        #expect(living.isAlive == true)
        kill(child, SIGKILL)
        // Waits for its end and leaves it there.
        var information = siginfo_t()
        try #require(waitid(P_PID, id_t(child), &information, WEXITED | WNOWAIT) == 0)
        #expect(living.isAlive == false)
        try #require(waitpid(child, nil, 0) == child)
        #expect(living.isAlive == false)
    }

    private static func start(of process: pid_t) -> Int64? {
        guard let file = fopen("/proc/\(process)/stat", "r") else { return nil }
        defer { fclose(file) }
        var buffer = [CChar](repeating: 0, count: 1_024)
        guard fgets(&buffer, Int32(buffer.count), file) != nil else { return nil }
        // The name of this program has no blanks.
        let fields = String(decoding: buffer.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
            .split(separator: " ")
        return Int64(fields[21])
    }
}

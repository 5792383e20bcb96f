import FoundationEssentials
import Glibc
import Testing

@testable import runbook

/// What the program has in memory stays there, also when it crashes.
@Suite struct PrivateMemoryTests {
    @Test(arguments: [SIGABRT, SIGSEGV, SIGQUIT]) func aCrashLeavesNothingBehind(_ signal: Int32) async throws {
        // Whoever starts it may allow core files.
        var limit = rlimit()
        #expect(getrlimit(__rlimit_resource_t(RLIMIT_CORE.rawValue), &limit) == 0)
        limit.rlim_cur = limit.rlim_max
        #expect(setrlimit(__rlimit_resource_t(RLIMIT_CORE.rawValue), &limit) == 0)
        try await CommandHarness.without { harness in
            var harness = harness
            harness.environment["SWIFT_BACKTRACE"] = nil
            try harness.write("runbook { title = 'waits' } log.info('ready') sleep(600)")
            let process = try harness.start("run", "runbooks/test.lua", "--no-input")
            try await process.wait(for: "ready")
            let limits = try String(
                decoding: Data(contentsOf: URL(filePath: "/proc/\(process.identifier)/limits")), as: UTF8.self)
            let core = try #require(limits.split(separator: "\n").first { $0.hasPrefix("Max core file size") })
            #expect(core.split(separator: " ").dropFirst(4).first == "0")
            // Of a process that is not dumpable the files belong to root, and nobody else reads its variables.
            var status = stat()
            #expect(stat("/proc/\(process.identifier)/environ", &status) == 0 && status.st_uid == 0)
            process.send(signal)
            let outcome = await process.outcome
            #expect(outcome.status == 128 + signal)
            #expect(!outcome.errors.contains("Thread"), "\(outcome.errors)")
            let files = try FileManager.default.contentsOfDirectory(atPath: harness.directory)
            #expect(!files.contains { $0.hasPrefix("core") })
        }
    }
}

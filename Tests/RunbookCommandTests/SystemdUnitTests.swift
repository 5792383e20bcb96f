import FoundationEssentials
import Glibc
import Testing

@testable import runbook

@Suite struct SystemdUnitTests {
    private static let folder =
        #filePath.split(separator: "/").dropLast(3).reduce("") { $0 + "/" + $1 } + "/scripts/systemd"

    /// The unit as systemd reads it: each key with its values, in order.
    private struct Unit {
        var sections: [String: [String: [String]]] = [:]

        init(path: String) throws {
            let text = try String(contentsOfFile: path, encoding: .utf8)
            var section = ""
            for line in text.split(separator: "\n") where !line.hasPrefix("#") && !line.hasPrefix(";") {
                if line.hasPrefix("["), line.hasSuffix("]") {
                    section = String(line.dropFirst().dropLast())
                    sections[section] = sections[section] ?? [:]
                    continue
                }
                let equals = try #require(line.firstIndex(of: "="), "no assignment: \(line)")
                let key = String(line[..<equals])
                try #require(!section.isEmpty && key.utf8.allSatisfy { $0 > 0x40 && $0 < 0x7b }, "no key: \(line)")
                sections[section]?[key, default: []].append(String(line[line.index(after: equals)...]))
            }
        }

        subscript(_ section: String, _ key: String) -> [String] { sections[section]?[key] ?? [] }
    }

    private func unit() throws -> Unit { try Unit(path: Self.folder + "/runbook.service") }

    private func seconds(_ value: [String]) throws -> Int {
        let text = try #require(value.first)
        try #require(text.hasSuffix("s"))
        return try #require(Int(text.dropLast()))
    }

    @Test func theDaemonIsStartedAsItsCommandLineHasIt() throws {
        let unit = try unit()
        #expect(Set(unit.sections.keys) == ["Unit", "Service", "Install"])
        let words = try #require(unit["Service", "ExecStart"].first).split(separator: " ").map(String.init)
        #expect(words.prefix(2) == ["/usr/bin/runbook", "serve"])
        let state = try #require(words.firstIndex(of: "--state")),
            config = try #require(words.firstIndex(of: "--config"))
        #expect(words[state + 1] == "%S/runbook")
        #expect(words[config + 1] == "/etc/runbook/config.yaml")
        #expect(unit["Install", "WantedBy"] == ["multi-user.target"])
    }

    @Test func theManagerKnowsHowItIs() throws {
        let unit = try unit()
        #expect(unit["Service", "Type"] == ["notify"])
        #expect(unit["Service", "NotifyAccess"] == ["main"])
        #expect(try seconds(unit["Service", "WatchdogSec"]) >= 30)
        #expect(unit["Service", "ExecReload"] == ["/bin/kill -HUP $MAINPID"])
        #expect(unit["Service", "Restart"] == ["on-failure"])
        #expect(unit["Service", "RestartPreventExitStatus"] == ["64"])
    }

    @Test func runsUnderWayMayEnd() throws {
        let unit = try unit()
        #expect(unit["Service", "KillMode"] == ["mixed"])
        // The drain time-out is half a minute.
        #expect(try seconds(unit["Service", "TimeoutStopSec"]) > 30)
    }

    @Test func itsStateIsItsOwn() throws {
        let unit = try unit()
        #expect(unit["Service", "User"] == ["runbook"])
        #expect(unit["Service", "StateDirectory"] == ["runbook"])
        #expect(unit["Service", "StateDirectoryMode"] == ["0700"])
        #expect(unit["Service", "UMask"] == ["0077"])
        let users = try String(contentsOfFile: Self.folder + "/runbook.sysusers", encoding: .utf8)
        #expect(users.split(separator: "\n").contains { $0.hasPrefix("u runbook ") })
    }

    @Test(arguments: [
        ("NoNewPrivileges", "yes"), ("CapabilityBoundingSet", ""), ("ProtectSystem", "strict"), ("ProtectHome", "yes"),
        ("PrivateTmp", "yes"), ("PrivateDevices", "yes"), ("ProtectKernelTunables", "yes"),
        ("ProtectKernelModules", "yes"), ("ProtectKernelLogs", "yes"), ("ProtectControlGroups", "yes"),
        ("ProtectClock", "yes"), ("ProtectHostname", "yes"), ("RestrictNamespaces", "yes"), ("RestrictRealtime", "yes"),
        ("RestrictSUIDSGID", "yes"), ("MemoryDenyWriteExecute", "yes"), ("SystemCallArchitectures", "native"),
        ("RestrictAddressFamilies", "AF_UNIX AF_INET AF_INET6"),
    ])
    func itIsConfined(_ key: String, _ value: String) throws { #expect(try unit()["Service", key] == [value]) }

    /// Workers ask for the personality, give up capabilities and set a filter of their own; the daemon reads `/proc`.
    @Test func itIsNotConfinedSoThatWorkersCannotBe() throws {
        let unit = try unit()
        #expect(unit["Service", "LockPersonality"].isEmpty)
        #expect(unit["Service", "ProcSubset"] == ["all"])
        #expect(unit["Service", "ProtectProc"] == ["default"])
        let filter = unit["Service", "SystemCallFilter"]
        #expect(filter.first == "@system-service")
        #expect(filter.last == "capset seccomp")
        #expect(!filter.contains { $0.hasPrefix("~") && ($0.contains("@resources") || $0.contains("@process")) })
    }

    @Test func systemdItselfFindsNothingWrong() async throws {
        let program = "/usr/bin/systemd-analyze"
        // Where there is no systemd, what the other tests read is all that can be known.
        guard access(program, X_OK) == 0 else { return #expect(try unit().sections.count == 3) }
        try await withTemporaryDirectory { directory in
            // The program is not installed here, and that is all that may be amiss.
            let text = try String(contentsOfFile: Self.folder + "/runbook.service", encoding: .utf8)
                .replacing("/usr/bin/runbook", with: "/bin/true")
            let copy = directory + "/runbook.service"
            try PrivateFile.write(Array(text.utf8), to: copy)
            let outcome = await HookProgram(
                ["/bin/sh", "-c", "\(program) verify \(copy) >\(directory)/said 2>&1"],
                environment: ["PATH": "/usr/bin:/bin"], timeout: .seconds(120)
            ).run([:], input: []).outcome
            let said = String(
                decoding: try LocalFiles().read(directory + "/said", limit: 1 << 20) ?? [], as: UTF8.self)
            // Other units of this machine are read too, and may be amiss.
            let own = said.split(separator: "\n").filter { $0.contains("runbook") }
            #expect(own.isEmpty, "\(said)")
            #expect(outcome == .delivered || own.isEmpty, "\(outcome)")
            let rated = await HookProgram(
                [
                    "/bin/sh", "-c",
                    "\(program) security --offline=true --threshold=20 --no-pager \(copy) >\(directory)/rated 2>&1",
                ], environment: ["PATH": "/usr/bin:/bin"], timeout: .seconds(120)
            ).run([:], input: []).outcome
            let table = String(
                decoding: try LocalFiles().read(directory + "/rated", limit: 1 << 20) ?? [], as: UTF8.self)
            #expect(rated == .delivered, "\(table.suffix(200))")
        }
    }
}

import ArgumentParser
import CommandSupport
import ConsoleSimulator
import Glibc
import LuaMachine
import Operations
import RESTClient
import Testing

@testable import runbook

/// What `runbook doctor` looks at, and what it says.
@Suite struct DoctorTests {
    private static func configuration(
        _ folder: String, _ environment: [String: String] = [:], _ arguments: [String] = []
    ) throws -> Configuration {
        let sources = ConfigurationSources(environment: ["HOME": folder].merging(environment) { $1 })
        let options = try GlobalOptions.parse(["--config", "/dev/null", "--state", "\(folder)/state"] + arguments)
        return try Configuration.load(options, sources: sources)
    }

    private static func console(_ server: SimulatorInfo) -> [String: String] {
        [
            "RUNBOOK_CONSOLE_URL": server.url, "RUNBOOK_CONSOLE_USER": server.user,
            "RUNBOOK_CONSOLE_PASSWORD": server.password,
        ]
    }

    private static func xpanse(_ server: SimulatorInfo) -> [String: String] {
        [
            "RUNBOOK_XPANSE_URL": server.url, "RUNBOOK_XPANSE_KEY_ID": server.xpanse.advanced.id,
            "RUNBOOK_XPANSE_KEY": server.xpanse.advanced.key, "RUNBOOK_XPANSE_KEY_TYPE": "advanced",
        ]
    }

    private func outcomes(_ checks: [Check]) -> [String: Check.Outcome] {
        Dictionary(checks.map { ($0.name, $0.outcome) }, uniquingKeysWith: { $1 })
    }

    // MARK: The worker

    @Test func everyMeasureOfTheWorkerIsProbedAndHolds() async {
        let checks = await WorkerChecks(executable: WorkerSupervisor.executableBesideProgram()).checks()
        #expect(checks.filter { $0.outcome != .ok } == [])
        #expect(checks.first { $0.name == "start" }?.detail == "a script ran, Lua 5.4")
        let measures = checks.filter { $0.group == WorkerChecks.group }
        #expect(measures.contains { $0.name == "seccomp" })
        #expect(measures.count >= 15)
        #expect(measures.allSatisfy { !$0.detail.isEmpty }, "every measure says what it is for")
        let seen = checks.filter { $0.group == KernelChecks.group }
        #expect(seen.contains { $0.name == "seccomp filter" })
        #expect(seen.count == 10)
    }

    @Test func whatTheKernelShowsIsHeldAgainstTheWorkersWord() {
        let status = "Name:\tx\nCapInh:\t0000\nCapPrm:\t0000\nCapEff:\t0001\nCapAmb:\t0000\nThreads:\t2\nSeccomp:\t2\n"
        let limits = """
            Limit                     Soft Limit           Hard Limit           Units
            Max cpu time              10                   11                   seconds
            Max file size             0                    unlimited            bytes
            Max core file size        0                    0                    bytes
            Max processes             0                    0                    processes
            Max open files            1024                 4096                 files
            Max address space         unlimited            unlimited            bytes
            """
        let failed = KernelChecks(status: status, limits: limits).checks().filter { $0.outcome == .failed }
        #expect(
            failed.map(\.name) == [
                "no new privileges", "capabilities", "threads", "open files", "file size", "address space",
            ])
        let capped = limits.replacing("unlimited            unlimited", with: "1073741824           1207959552")
        let details = KernelChecks(status: status, limits: capped).checks().filter { $0.outcome == .ok }
        #expect(details.first { $0.name == "address space" }?.detail == "at most 1.1 GB")
        #expect(details.first { $0.name == "cpu time" }?.detail == "at most 11 s")
        #expect(KernelChecks(status: nil, limits: limits).checks().map(\.outcome) == [.skipped])
        #expect(KernelChecks(status: "", limits: "").checks().allSatisfy { $0.outcome == .failed })
    }

    @Test func aMissingWorkerIsToldApart() async {
        let checks = await WorkerChecks(executable: "/nowhere/runbook-vm").checks()
        let failed = checks.filter { $0.outcome == .failed }
        #expect(failed.map(\.name) == ["program"])
        #expect(failed.first?.detail == "/nowhere/runbook-vm: it does not exist")
        #expect(failed.first?.advice.contains("install runbook-vm beside runbook") == true)
    }

    @Test func aProgramThatIsNoWorkerIsToldApart() async {
        let checks = await WorkerChecks(executable: "/bin/true").checks()
        #expect(checks.filter { $0.outcome == .failed }.map(\.name) == ["start"])
    }

    @Test(arguments: [nil, "", "{}", "[]", "no json"]) func aWorkerThatDoesNotReportIsNotBelieved(_ report: String?) {
        let checks = WorkerChecks.confinement(report.map { Array($0.utf8) })
        #expect(checks.map(\.outcome) == [.failed])
    }

    @Test func aMeasureThatDoesNotHoldFails() {
        let checks = WorkerChecks.confinement(Array(#"{"seccomp":false,"no_core":true,"new_one":1}"#.utf8))
        #expect(outcomes(checks) == ["seccomp": .failed, "no_core": .ok, "new_one": .failed])
        #expect(checks.allSatisfy { $0.outcome == .ok || !$0.advice.isEmpty })
    }

    // MARK: State

    @Test func theStateFolderIsForTheUserAlone() async throws {
        try await withTemporaryDirectory { folder in
            let checks = StateChecks(configuration: try Self.configuration(folder))
            #expect(checks.checks().map(\.outcome) == [.ok])
            #expect(checks.checks().first?.detail == "\(folder)/state will be made when it is needed")
            #expect(mkdir("\(folder)/state", 0o755) == 0)
            chmod("\(folder)/state", 0o755)
            let failed = checks.checks().filter { $0.outcome == .failed }
            #expect(failed.map(\.advice) == ["run chmod 700 \(folder)/state"])
            chmod("\(folder)/state", 0o700)
            #expect(checks.checks().allSatisfy { $0.outcome == .ok })
        }
    }

    @Test func aStateFolderThatIsAFileOrCannotBeMadeFails() async throws {
        try await withTemporaryDirectory { folder in
            let file = open("\(folder)/state", O_CREAT | O_WRONLY, 0o600)
            close(file)
            #expect(StateChecks(configuration: try Self.configuration(folder)).checks().map(\.outcome) == [.failed])
            var below = try Self.configuration(folder)
            below.stateDirectory = "\(folder)/state/deeper"
            #expect(StateChecks(configuration: below).checks().map(\.outcome) == [.failed])
        }
    }

    // MARK: Targets

    @Test func aTargetThatLetsUsInIsFine() async throws {
        try await withTemporaryDirectory { folder in
            try await ConsoleSimulator.withRunning(SimulatorConfiguration(users: 1, xpanseUsers: 1)) { server in
                let both = Self.console(server).merging(Self.xpanse(server)) { $1 }
                let checks = await TargetChecks(configuration: try Self.configuration(folder, both)).checks()
                #expect(
                    outcomes(checks) == [
                        "console settings": .ok, "console login": .ok, "xpanse settings": .ok, "xpanse login": .ok,
                    ])
            }
        }
    }

    @Test func aCertificateIsTrustedOnceItIsPinned() async throws {
        try await withTemporaryDirectory { folder in
            try await withSecureServer { server, certificate in
                let configuration = try Self.configuration(folder, Self.console(server))
                let before = await TargetChecks(configuration: configuration).checks()
                #expect(before.first { $0.name == "console reachable" }?.outcome == .ok)
                let refused = try #require(before.first { $0.name == "console login" })
                #expect(refused.outcome == .failed)
                #expect(refused.advice.contains("runbook trust \(server.url)"))

                let address = try ServiceAddress(server.url, service: .console)
                _ = try configuration.trustStore.store(certificate, host: address.host, port: address.port)
                let after = await TargetChecks(configuration: configuration).checks()
                #expect(
                    outcomes(after) == [
                        "console settings": .ok, "console reachable": .ok, "console certificate": .ok,
                        "console login": .ok,
                    ])
                try await withSecureServer { _, other in
                    _ = try configuration.trustStore.store(other, host: address.host, port: address.port)
                }
                let changed = await TargetChecks(configuration: configuration).checks()
                #expect(changed.first { $0.name == "console certificate" }?.outcome == .failed)
                #expect(changed.first { $0.name == "console login" }?.outcome == .failed)
            }
        }
    }

    @Test func aWrongPasswordFailsAndIsNotShown() async throws {
        try await withTemporaryDirectory { folder in
            try await ConsoleSimulator.withRunning(SimulatorConfiguration(users: 1, xpanseUsers: 1)) { server in
                var environment = Self.console(server)
                environment["RUNBOOK_CONSOLE_PASSWORD"] = "hunter2-is-wrong"
                let configuration = try Self.configuration(folder, environment)
                let doctor = Doctor(
                    worker: WorkerChecks(executable: "/nowhere"), configuration: .success(configuration))
                let report = DoctorReport(await doctor.checks())
                #expect(!report.isOK)
                for text in [report.text(hasColor: false), report.json.text] {
                    #expect(text.contains("console login"))
                    #expect(!text.contains("hunter2"))
                }
            }
        }
    }

    @Test func anUnreachableTargetFailsAndSaysWhatToCheck() async throws {
        try await withTemporaryDirectory { folder in
            let environment = [
                "RUNBOOK_CONSOLE_URL": "https://127.0.0.1:1", "RUNBOOK_CONSOLE_USER": "u",
                "RUNBOOK_CONSOLE_PASSWORD": "p",
            ]
            let checks = await TargetChecks(configuration: try Self.configuration(folder, environment)).checks()
            #expect(checks.map(\.name) == ["console settings", "console reachable"])
            #expect(checks.last?.outcome == .failed)
            #expect(checks.last?.advice.contains("check RUNBOOK_CONSOLE_URL") == true)
        }
    }

    @Test func onlyTheTargetThatIsAskedForIsLookedAt() async throws {
        let lab = "console: { url: http://127.0.0.1:1, user: l, password: { env: NOT_SET } }"
        let world = World(user: "targets: { a: { \(lab) }, b: { \(lab) } }")
        let all = await TargetChecks(configuration: try world.load()).checks()
        #expect(all.map(\.group) == ["target a", "target b"])
        #expect(all.allSatisfy { $0.outcome == .failed && $0.detail.contains("NOT_SET") })
        let one = await TargetChecks(configuration: try world.load("--target", "b")).checks()
        #expect(one.map(\.group) == ["target b"])
    }

    @Test func noTargetIsNoFailureAndHalfOfOneIs() async throws {
        #expect(await TargetChecks(configuration: try World().load()).checks().map(\.outcome) == [.skipped])
        let half = World(environment: ["RUNBOOK_CONSOLE_PASSWORD": "p"])
        #expect(await TargetChecks(configuration: try half.load()).checks().map(\.outcome) == [.failed])
    }

    // MARK: The report

    @Test(arguments: [
        ("it is closed: open it", "it is closed", "open it"), ("a: b is c; do d: e", "a: b is c", "do d: e"),
        ("it broke. Mend it; else: stop. End", "it broke", "Mend it; else: stop. End"),
        ("it broke", "it broke", "put this right, then run: runbook doctor"),
    ])
    func whatToDoIsTakenFromTheEndOfAMessage(_ message: String, _ detail: String, _ advice: String) {
        let check = Check.failed("group", "name", message)
        #expect(check.detail == detail)
        #expect(check.advice == advice)
    }

    @Test func aBrokenConfigurationIsAFailedCheckAndNotTheEnd() async {
        let doctor = Doctor(
            worker: WorkerChecks(executable: "/nowhere"), configuration: .failure(CommandError("a.yaml:1: no")))
        let checks = await doctor.checks()
        #expect(checks.last?.detail == "a.yaml:1: no")
        #expect(checks.last?.outcome == .failed)
    }

    @Test func theReportIsReadableAndOneDocument() throws {
        let report = DoctorReport([
            .ok("one", "first", "good"), .failed("one", "second thing", "bad", advice: "mend it"),
            .skipped("two", "third", "not there"),
        ])
        #expect(
            report.text(hasColor: false) == """
                one
                  ✓ first         good
                  ✗ second thing  bad
                      → mend it

                two
                  – third         not there

                1 of 3 checks failed.

                """)
        #expect(report.text(hasColor: true).contains("\u{1b}[31m✗\u{1b}[0m"))
        let json = try JSONValue(parsing: Array(report.json.text.utf8))
        #expect(json["ok"] == false)
        #expect(json["checks"]?.arrayValue?.count == 3)
        #expect(json["checks"]?.arrayValue?[1]["advice"] == "mend it")
    }

    @Test func theExitCodeTellsWhetherAllIsFine() async throws {
        try await withTemporaryDirectory { folder in
            var program = Program(directory: folder)
            let fine = try await program.run("doctor", "--json")
            #expect(fine.status == 0, "\(fine.output)")
            #expect(try JSONValue(parsing: Array(fine.output.utf8))["ok"] == true)
            program.environment["RUNBOOK_CONSOLE_URL"] = "https://127.0.0.1:1"
            let broken = try await program.run("doctor")
            #expect(broken.status == 1)
            #expect(broken.output.contains("RUNBOOK_CONSOLE_USER is not: set it too"))
        }
    }
}

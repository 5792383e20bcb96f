import CommandSupport
import Operations
import RunbookHost
import Testing

@testable import runbook

/// Which of several sources of one value wins, and what `runbook config` says of it.
@Suite struct ConfigurationPrecedenceTests {
    @Test func withoutAnythingEveryValueIsADefault() throws {
        let configuration = try World().load()
        #expect(configuration.stateDirectory == "/home/ada/.local/state/runbook")
        #expect(
            configuration.runbookDirectories == ["/home/ada/project/runbooks", "/home/ada/.config/runbook/runbooks"])
        #expect(configuration.limits == RunLimits())
        #expect(configuration.policy == Policy())
        #expect(configuration.logLevel == nil)
        #expect(configuration.logFormat == nil)
        #expect(configuration.files == [])
        #expect(configuration.warnings == [])
        #expect(configuration.entries.allSatisfy { $0.origin == .standard })
    }

    @Test func aFlagGoesBeforeAVariableBeforeTheProjectBeforeTheUser() throws {
        var world = World(user: "log: { level: error }", project: "log: { level: warn }")
        #expect(try world.load().entry("log.level") == "warn < \(World.project):1")
        world.environment["RUNBOOK_LOG_LEVEL"] = "info"
        #expect(try world.load().entry("log.level") == "info < variable RUNBOOK_LOG_LEVEL")
        #expect(try world.load("--log-level", "debug").entry("log.level") == "debug < flag --log-level")
        world[World.project] = nil
        world.environment["RUNBOOK_LOG_LEVEL"] = nil
        #expect(try world.load().entry("log.level") == "error < \(World.user):1")
    }

    @Test func theStateFolderIsAbsoluteWhereverItIsSet() throws {
        var world = World(user: "state: ../var")
        #expect(try world.load().stateDirectory == "/home/ada/.config/var")
        world.environment["XDG_STATE_HOME"] = "/var/state"
        #expect(try world.load().stateDirectory == "/home/ada/.config/var")
        world.environment["RUNBOOK_STATE"] = "~/s"
        #expect(try world.load().stateDirectory == "/home/ada/s")
        #expect(try world.load("--state", "here").stateDirectory == "/home/ada/project/here")
        world[World.user] = nil
        world.environment["RUNBOOK_STATE"] = ""
        #expect(try world.load().stateDirectory == "/var/state/runbook")
        world.environment["XDG_STATE_HOME"] = "relative/does/not/count"
        #expect(try world.load().stateDirectory == "/home/ada/.local/state/runbook")
    }

    @Test func withoutAHomeThereMustBeAStateFolder() throws {
        var world = World()
        world.environment = [:]
        #expect(try world.failure().contains("HOME is not set"))
        #expect(try world.load("--state", "/var/lib/runbook").stateDirectory == "/var/lib/runbook")
    }

    @Test func runbooksAreSearchedInAllPlacesTheMoreSpecificFirst() throws {
        var world = World(user: "runbooks: [~/mine, /usr/local/runbooks]", project: "runbooks: ops")
        world.environment["RUNBOOK_PATH"] = "/first:second"
        world["/opt/runbook/share/runbook/runbooks/a.lua"] = "runbook {}"
        #expect(
            try world.load().runbookDirectories == [
                "/first", "/home/ada/project/second", "/home/ada/project/ops", "/home/ada/mine", "/usr/local/runbooks",
                "/home/ada/.config/runbook/runbooks", "/opt/runbook/share/runbook/runbooks",
            ])
    }

    @Test func oneFolderIsSearchedOnce() throws {
        let world = World(user: "runbooks: [/a, /a, ./runbooks]")
        #expect(try world.load().runbookDirectories == ["/a", "/home/ada/.config/runbook/runbooks"])
    }

    @Test func aNamedFileReplacesTheOthers() throws {
        var world = World(user: "log: { level: error }", project: "limits: { calls: 1 }")
        world["/etc/runbook.yaml"] = "log: { format: json }"
        let byFlag = try world.load("--config", "/etc/runbook.yaml")
        #expect(byFlag.files == ["/etc/runbook.yaml"])
        #expect(byFlag.logFormat == .json)
        #expect(byFlag.logLevel == nil)
        #expect(byFlag.limits == RunLimits())
        world.environment["RUNBOOK_CONFIG"] = "/etc/runbook.yaml"
        #expect(try world.load().files == ["/etc/runbook.yaml"])
    }

    @Test func aNamedFileMustExist() throws {
        #expect(
            try World().failure("--config", "no.yaml").contains("/home/ada/project/no.yaml, named by the flag --config")
        )
    }

    @Test func theProjectFileIsFoundAboveUpToTheTopOfTheCheckout() throws {
        var world = World(project: "log: { level: warn }")
        world.workingDirectory = "/home/ada/project/a/b"
        #expect(try world.load().files == [World.project])
        world["/home/ada/project/a/.runbook.yaml"] = "log: { level: error }"
        #expect(try world.load().files == ["/home/ada/project/a/.runbook.yaml"])
        world["/home/ada/project/a/.git"] = "gitdir: elsewhere"
        world["/home/ada/project/a/.runbook.yaml"] = nil
        #expect(try world.load().files == [])
    }

    @Test func limitsOfTheUserMayBeAnything() throws {
        let limits = try World(
            user: """
                limits: { time: 2h, memory: 1GB, calls: 5, changes: 0, log: 1KB, result: 2KB, tasks: 3, source: 4KB }
                """
        ).load().limits
        #expect(
            limits
                == RunLimits(
                    time: .seconds(7_200), memory: 1 << 30, calls: 5, changes: 0, log: 1_024, result: 2_048, tasks: 3,
                    source: 4_096))
    }

    @Test func emptyFilesAndSectionsSayNothing() throws {
        for text in ["", "# nothing\n", "---\n", "limits:\ntargets:\npolicy:\nrunbooks:\nlog:\n"] {
            let configuration = try World(user: text).load()
            #expect(configuration.files == [World.user])
            #expect(configuration.limits == RunLimits())
        }
    }

    @Test func theReportHasEveryValueInOneDocument() throws {
        let world = World(user: "limits:\n  calls: 5\n", environment: ["RUNBOOK_STATE": "/s"])
        let report = ConfigReport(try world.load())
        let json = try JSONValue(parsing: Array(report.json.text.utf8))
        let values = try #require(json["values"]?.arrayValue)
        #expect(
            values.contains([
                "key": "state", "value": "/s", "origin": ["kind": "environment", "name": "RUNBOOK_STATE"],
            ]))
        #expect(
            values.contains([
                "key": "limits.calls", "value": "5",
                "origin": ["kind": "file", "path": .string(World.user), "line": 2],
            ]))
        #expect(json["files"] == [.string(World.user)])
        let lines = report.text.split(separator: "\n")
        #expect(lines.count == values.count)
        let columns = Set(lines.filter { $0.hasSuffix("default") }.map { $0.count - "default".count })
        #expect(columns.count == 1, "the origins stand below each other")
    }
}

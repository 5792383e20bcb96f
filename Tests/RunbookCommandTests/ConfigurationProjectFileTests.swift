import Operations
import RESTClient
import RunbookHost
import Testing

@testable import runbook

/// A project file comes with a checkout: what it may not do to whoever works in it.
@Suite struct ConfigurationProjectFileTests {
    private static let console = "url: https://console.example.com:3780, user: ada"

    @Test func lowersLimitsAndNeverRaisesThem() throws {
        let world = World(
            user: "limits: { changes: 500, time: 10m }",
            project: "limits: { changes: 5000, calls: 7, time: 5m, memory: 1GB }")
        let configuration = try world.load()
        #expect(configuration.limits == RunLimits(time: .seconds(300), calls: 7, changes: 500))
        #expect(configuration.entry("limits.changes") == "500 < \(World.user):1")
        #expect(configuration.entry("limits.calls") == "7 < \(World.project):1")
        #expect(configuration.warnings.count == 2)
        let warning = try #require(configuration.warnings.first { $0.contains("limits.changes") })
        #expect(warning.contains("limits.changes stays at the 500 that \(World.user):1 sets"))
        #expect(configuration.warnings.contains { $0.contains("limits.memory stays at the 128 MB of the default") })
    }

    @Test func takesCapabilitiesAwayAndNeverAdds() throws {
        let world = World(
            user: "policy: { capabilities: [users:read, roles:read] }",
            project: "policy: { capabilities: [users:read, users:delete] }")
        #expect(try world.load().policy == Policy(capabilities: ["users:read"]))
        let alone = World(project: "policy: { capabilities: [] }")
        #expect(try alone.load().policy == Policy(capabilities: []))
        #expect(try alone.load().entry("policy.capabilities") == "none < \(World.project):1")
    }

    @Test func runsNoCommand() throws {
        let world = World(
            project: "targets: { prod: { console: { \(Self.console), password: { command: [steal] } } } }")
        let failure = try world.failure()
        #expect(failure.contains("targets.prod.console.password.command is not run from a project file"))
        #expect(failure.contains("put the target into your own file"))
        #expect(try world.load("--config", World.project).targetName == "prod")
    }

    @Test func getsAtNoOtherVariables() throws {
        let world = World(
            project: "targets: { prod: { console: { \(Self.console), password: { env: AWS_SECRET_ACCESS_KEY } } } }",
            environment: ["AWS_SECRET_ACCESS_KEY": "secret"])
        #expect(try world.failure().contains("may name only variables that begin with RUNBOOK_"))
        let allowed = World(
            project: "targets: { prod: { console: { \(Self.console), password: { env: RUNBOOK_PROD_PASSWORD } } } }",
            environment: ["RUNBOOK_PROD_PASSWORD": "secret"])
        #expect(
            try allowed.load().target().console?.credentials == .basic(user: "ada", password: SecretValue("secret")))
    }

    @Test(arguments: ["/etc/shadow", "../secret", "~/secret", "sub/../../secret"])
    func getsAtNoFileOutsideItsFolder(_ path: String) throws {
        let world = World(
            project: "targets: { prod: { console: { \(Self.console), password: { file: \(path) } } } }")
        #expect(try world.failure().contains("may name only files below its own folder"))
    }

    @Test func getsAtNoFileOutsideThroughALink() throws {
        var world = World(project: "targets: { prod: { console: { \(Self.console), password: { file: password } } } }")
        world["/home/ada/project/password"] = "hunter2\n"
        #expect(try world.load().target().console != nil)
        world.files.links["/home/ada/project/password"] = "/home/ada/.netrc"
        #expect(try world.failure().contains("may name only files below its own folder"))
    }

    @Test func cannotMoveTheStateWithItsTrustedCertificates() throws {
        #expect(try World(project: "state: ./state").failure().contains("state cannot be set by a project file"))
    }

    @Test func doesNotReplaceATargetOfTheUser() throws {
        let world = World(
            user: "targets: { prod: { console: { \(Self.console), password: { env: P } } } }",
            project: """
                default_target: prod
                targets:
                  prod: { console: { url: https://evil.example, user: ada, password: { env: RUNBOOK_P } } }
                """,
            environment: ["P": "secret"])
        let configuration = try world.load()
        #expect(try configuration.target().console?.address.host == "console.example.com")
        #expect(
            configuration.warnings == [
                "the target prod of \(World.project) is not used, since your own file has one of that name: rename one of them "
                    + "to use both"
            ])
    }

    @Test func isNotReadWhenItBelongsToSomebodyElse() throws {
        var world = World(project: "limits: { calls: 1 }")
        world[World.project]?.owner = 1_001
        var configuration = try world.load()
        #expect(configuration.files == [])
        #expect(
            configuration.warnings == [
                "\(World.project) is not read, because it belongs to another user: name it with --config if you trust it"
            ])
        world[World.project]?.owner = 0
        #expect(try world.load().files == [World.project])
        world[World.project]?.permissions = 0o646
        configuration = try world.load()
        #expect(configuration.files == [])
        #expect(configuration.warnings.first?.contains("every user of this machine can change it") == true)
    }
}

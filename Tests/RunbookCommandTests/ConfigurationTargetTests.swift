import Operations
import RESTClient
import Testing

@testable import runbook

/// Which target a command talks to, and how it logs in there.
@Suite struct ConfigurationTargetTests {
    private static let fingerprint = Array(repeating: "AB", count: 32).joined(separator: ":")
    private static let environment = [
        "RUNBOOK_CONSOLE_URL": "https://env.example:3780", "RUNBOOK_CONSOLE_USER": "eve",
        "RUNBOOK_CONSOLE_PASSWORD": "p w",
    ]
    private static let file = """
        default_target: prod
        targets:
          prod:
            console:
              url: https://prod.example:3780
              user: svc
              password: { env: PROD_PASSWORD }
              token: { file: /run/token }
              fingerprint: "\(fingerprint)"
              timeout: 5s
              concurrency: 3
            xpanse:
              url: https://api-x.example
              key_id: 7
              key: { command: [pass, show, xpanse] }
              key_type: advanced
          lab: { console: { url: http://127.0.0.1:8080, user: lab, password: { env: LAB } } }
        """

    private static var world: World {
        var world = World(user: file, environment: ["PROD_PASSWORD": "hunter2", "LAB": "x"])
        world["/run/token"] = "123456\r\n"
        world.programs["pass show xpanse"] = "the key\n"
        return world
    }

    @Test func theEnvironmentAloneMakesATarget() throws {
        let target = try World(environment: Self.environment).load().target()
        #expect(target.name == "environment")
        let console = try #require(target.console)
        #expect(console.address.description == "https://env.example:3780")
        #expect(console.credentials == .basic(user: "eve", password: SecretValue("p w")))
        #expect(console.trust == .system)
        #expect(console.timeout == .seconds(30))
        #expect(console.concurrency == 16)
        #expect(target.xpanse == nil)
    }

    @Test func everyVariableOfTheEnvironmentCounts() throws {
        var world = World(
            environment: Self.environment.merging([
                "RUNBOOK_CONSOLE_TOKEN": "123456", "RUNBOOK_CONSOLE_CA": "ca.pem", "RUNBOOK_CONSOLE_TIMEOUT": "2m",
                "RUNBOOK_CONSOLE_CONCURRENCY": "4", "RUNBOOK_XPANSE_URL": "https://api-x.example",
                "RUNBOOK_XPANSE_KEY_ID": "9", "RUNBOOK_XPANSE_KEY_FILE": "key", "RUNBOOK_XPANSE_KEY_TYPE": "advanced",
                "RUNBOOK_XPANSE_FINGERPRINT": Self.fingerprint,
            ]) { $1 })
        world["/home/ada/project/key"] = "abc\n"
        let configuration = try world.load()
        let settings = try #require(configuration.targets["environment"]?.services.first)
        #expect(settings.authorities?.value == "/home/ada/project/ca.pem")
        #expect(settings.timeout?.value == .seconds(120))
        #expect(settings.concurrency?.value == 4)
        world.environment["RUNBOOK_CONSOLE_CA"] = nil
        let target = try world.load().target()
        #expect(
            target.console?.credentials
                == .basic(user: "eve", password: SecretValue("p w"), token: SecretValue("123456")))
        #expect(target.xpanse?.credentials == .xpanse(keyID: "9", key: SecretValue("abc"), type: .advanced))
        #expect(target.xpanse?.trust == CertificateFingerprint(Self.fingerprint).map { .pinned($0) })
    }

    @Test(arguments: [
        (["RUNBOOK_CONSOLE_USER"], "RUNBOOK_CONSOLE_URL is set, but RUNBOOK_CONSOLE_USER is not: set it too"),
        (
            ["RUNBOOK_CONSOLE_PASSWORD"],
            "RUNBOOK_CONSOLE_URL is set, but RUNBOOK_CONSOLE_PASSWORD (or RUNBOOK_CONSOLE_PASSWORD_FILE) is not: set it too"
        ),
    ])
    func aMissingHalfIsNamed(_ missing: [String], _ message: String) throws {
        var world = World(environment: Self.environment)
        for name in missing { world.environment[name] = "" }
        #expect(try world.failure() == message)
    }

    @Test func credentialsWithoutAURLAreNamed() throws {
        var world = World(environment: Self.environment)
        world.environment["RUNBOOK_CONSOLE_URL"] = nil
        let configuration = try world.load()
        #expect(configuration.targetName == nil)
        #expect(configuration.targetFailure().hasPrefix("RUNBOOK_CONSOLE_USER is set, but RUNBOOK_CONSOLE_URL is not"))
    }

    @Test func aSecretInTwoPlacesIsRefused() throws {
        let world = World(environment: Self.environment.merging(["RUNBOOK_CONSOLE_PASSWORD_FILE": "p"]) { $1 })
        #expect(
            try world.failure()
                == "both RUNBOOK_CONSOLE_PASSWORD and RUNBOOK_CONSOLE_PASSWORD_FILE are set: unset one of them")
    }

    @Test(arguments: [
        ("RUNBOOK_CONSOLE_TIMEOUT", "soon", "it must be a time above zero"),
        ("RUNBOOK_CONSOLE_CONCURRENCY", "0", "it must be a whole number from 1 to 1000"),
        ("RUNBOOK_CONSOLE_FINGERPRINT", "AB:CD", "it must be the SHA-256 fingerprint"),
    ])
    func aVariableThatCannotBeRightIsNamed(_ name: String, _ value: String, _ message: String) throws {
        let failure = try World(environment: Self.environment.merging([name: value]) { $1 }).failure()
        #expect(failure.hasPrefix("the variable \(name) is '\(value)': \(message)"))
    }

    @Test func aVariableWithATypingErrorIsPointedOut() throws {
        let warnings = try World(environment: ["RUNBOOK_CONSOLE_PASWORD": "x", "RUNBOOK_CONSOLE": "y"]).load().warnings
        #expect(
            warnings == [
                "the variable RUNBOOK_CONSOLE_PASWORD means nothing to runbook: did you mean RUNBOOK_CONSOLE_PASSWORD?"
            ])
    }

    @Test func aNamedTargetHasAllItsSettings() throws {
        let configuration = try Self.world.load()
        #expect(configuration.targetName == "prod")
        let target = try configuration.target()
        let console = try #require(target.console)
        #expect(
            console.credentials == .basic(user: "svc", password: SecretValue("hunter2"), token: SecretValue("123456")))
        #expect(console.trust == CertificateFingerprint(Self.fingerprint).map { .pinned($0) })
        #expect(console.timeout == .seconds(5))
        #expect(console.concurrency == 3)
        #expect(target.xpanse?.credentials == .xpanse(keyID: "7", key: SecretValue("the key"), type: .advanced))
    }

    @Test func theFlagChoosesBeforeTheVariableBeforeTheEnvironmentBeforeTheDefault() throws {
        var world = Self.world
        world.environment.merge(Self.environment) { $1 }
        #expect(try world.load().targetName == "environment")
        #expect(try world.load("--target", "lab").targetName == "lab")
        #expect(try world.load("--target", "environment").targetName == "environment")
        world.environment["RUNBOOK_TARGET"] = "prod"
        #expect(try world.load().targetName == "prod")
        #expect(try world.load("--target", "lab").entry("target") == "lab < flag --target")
    }

    @Test func aTargetThatIsNotConfiguredIsRefused() throws {
        #expect(
            try Self.world.failure("--target", "prdo")
                == "the flag --target names the target 'prdo', which is not configured: did you mean prod?")
        #expect(try Self.world.failure("--target", "elsewhere").hasSuffix("configured are lab, prod"))
        #expect(
            try World().failure("--target", "environment").contains("set RUNBOOK_CONSOLE_URL or RUNBOOK_XPANSE_URL"))
        #expect(try World(user: "default_target: prod").failure().contains("\(World.user):1 names the target 'prod'"))
    }

    @Test func oneTargetNeedsNoChoiceSeveralDo() throws {
        let lab = "lab: { console: { url: http://127.0.0.1:1, user: l, password: { env: L } } }"
        #expect(try World(user: "targets: { \(lab) }").load().targetName == "lab")
        let several = try World(
            user: "targets: { \(lab), b: { console: { url: 'http://[::1]:1', user: b, password: { env: B } } } }"
        ).load()
        #expect(several.targetName == nil)
        #expect(
            several.targetFailure().hasPrefix(
                "2 targets are configured (b, lab) and none is chosen: give --target NAME"))
    }

    @Test func withoutAnyTargetOneIsToldHowToGetOne() throws {
        let failure = try World().load().targetFailure()
        #expect(failure.contains("set RUNBOOK_CONSOLE_URL, RUNBOOK_CONSOLE_USER and RUNBOOK_CONSOLE_PASSWORD"))
        #expect(failure.contains("runbook simulate"))
    }

    @Test(arguments: [
        ("", "targets.t.console.url is missing"),
        ("url: https://c.example", "targets.t.console.user is missing"),
        ("url: https://c.example, user: u", "targets.t.console.password is missing"),
        (
            "url: https://c.example, user: u, pasword: { env: P }",
            "targets.t.console.pasword is not a setting: did you mean password?"
        ),
        ("url: https://c.example, user: u, key: { env: P }", "targets.t.console.key is not a setting"),
        (
            "url: https://c.example, user: u, password: { env: P }, ca: a, fingerprint: \"\(fingerprint)\"",
            "give only the one"
        ),
    ])
    func anIncompleteTargetIsRefusedWithTheSettingThatItNeeds(_ settings: String, _ message: String) throws {
        let failure = try World(user: "targets: { t: { console: { \(settings) } } }").failure()
        #expect(failure.contains(message), "\(failure)")
    }

    @Test(arguments: [
        ("http://c.example", "credentials go over plain http only to this machine"),
        ("https://u:hunter2@c.example", "holds a user or a password before an @"),
        ("c.example:3780", "without a scheme"),
    ])
    func anAddressThatCannotBeRightIsRefusedWithItsPlace(_ url: String, _ message: String) throws {
        let world = World(
            user: "targets:\n  t: { console: { url: '\(url)', user: u, password: { env: P } } }",
            environment: ["P": "x"])
        let configuration = try world.load()
        let failure = configuration.targetFailure()
        #expect(failure.hasPrefix("targets.t.console (\(World.user):2): "))
        #expect(failure.contains(message))
        #expect(!failure.contains("hunter2"))
        #expect(!configuration.entries.contains { $0.value.contains("hunter2") })
    }

    @Test func errorsNameTheSettingAsItIsCalledInTheFile() throws {
        let world = World(
            user: "targets: { t: { console: { url: https://c.example, user: u, password: { env: P } } } }",
            environment: ["P": "line\nend"])
        #expect(try world.load().targetFailure().contains("check targets.t.console.password"))
    }
}

import RESTClient
import Testing

@testable import runbook

/// What a configuration file that cannot be right is told.
@Suite struct ConfigurationFileTests {
    @Test(arguments: [
        ("limit: { calls: 1 }", "1: limit is not a setting: did you mean limits?"),
        ("targets:\n  prod:\n    consol: {}\n", "3: targets.prod.consol is not a setting: did you mean console?"),
        (
            "\nzzz: 1",
            "2: zzz is not a setting: known are default_target, targets, runbooks, policy, limits, log, state"
        ),
        ("limits: 5", "1: limits must be a list of settings, such as limits: { time: 1h }, not a single value"),
        ("limits: { calls: many }", "1: limits.calls is 'many': it must be a whole number, 0 or more"),
        ("limits: { tasks: 0 }", "1: limits.tasks is '0': it must be a whole number, 1 or more"),
        ("limits: { calls: -1 }", "1: limits.calls is '-1': it must be a whole number, 0 or more"),
        ("limits: { time: 0s }", "1: limits.time is '0s': it must be a time above zero, such as 30s or 2m"),
        ("limits: { log: 0 }", "1: limits.log is '0': it must be a size above zero, such as 64MB"),
        (
            "limits: { memory: 100KB }",
            "1: limits.memory is '100KB': it must be a size from 1MB to 1024GB, such as 64MB"
        ),
        ("limits: { memory: 1048575 }", "1: limits.memory is '1048575': it must be a size from 1MB to 1024GB"),
        ("limits: { memory: 1025GB }", "1: limits.memory is '1025GB': it must be a size from 1MB to 1024GB"),
        ("log: { level: loud }", "1: log.level is 'loud': it must be debug, info, warn or error"),
        ("log: { format: [text] }", "1: log.format must be a single value, not a list"),
        ("default_target:", "1: default_target has no value: give it one or remove the line"),
        ("runbooks: [[a]]", "1: an element of runbooks must be a single value, not a list"),
        (
            "policy: { capabilities: [users:raed] }",
            "1: policy.capabilities has users:raed, which is no capability: did you mean users:read?"
        ),
        (
            "targets: { prod: {} }",
            "1: targets.prod has neither a console nor an xpanse: add one, with url and credentials"
        ),
        ("targets: { environment: { console: {} } }", "1: targets.environment has the name of the target"),
        ("- a\n- b", "1: the file must be a list of settings"),
        ("limits: { calls: 1 }\nlimits: { calls: 2 }", "limits stands there twice: keep one, with what both hold"),
    ])
    func isToldThePlaceAndTheFault(_ text: String, _ message: String) throws {
        let failure = try World(user: text).failure()
        #expect(failure.hasPrefix("\(World.user):"))
        #expect(failure.contains(message), "\(failure)")
    }

    @Test(arguments: [
        "limits: { calls: 1", "a: b: c", "\tlimits: {}", "limits: *unknown", "limits: \"open", "{a: 1}\n---\n{b: 2}",
    ])
    func whatIsNotYAMLIsRefusedWithItsPlace(_ text: String) throws {
        let failure = try World(user: text).failure()
        #expect(failure.hasPrefix("\(World.user):"))
        #expect(!failure.contains("\n"))
    }

    @Test func errorsOfTheParserDoNotQuoteTheFile() throws {
        let failure = try World(user: "targets:\n  prod: { console: { password: hunter2\n  x").failure()
        #expect(!failure.contains("hunter2"))
    }

    @Test func deepNestingIsRefused() throws {
        let text = "runbooks: " + String(repeating: "[", count: 100_000)
        #expect(try World(user: text).failure().contains(World.user))
    }

    @Test func aFileThatCannotBeReadIsNotPassedOver() throws {
        var world = World()
        world[World.user] = MemoryFiles.File("", failure: FileFailure("permission is denied"))
        #expect(try world.failure() == "the configuration file \(World.user) cannot be read: permission is denied")
        world[World.user] = MemoryFiles.File(String(repeating: "#", count: 300 << 10))
        #expect(try world.failure().contains("too large"))
    }

    @Test func aFileOfTheUserThatAnybodyCanChangeIsRefused() throws {
        var world = World(user: "limits: { calls: 1 }")
        world[World.user]?.permissions = 0o666
        #expect(try world.failure().contains("chmod o-w \(World.user)"))
    }

    @Test func variablesThatCannotBeRightAreNamed() throws {
        #expect(
            try World(environment: ["RUNBOOK_LOG_LEVEL": "loud"]).failure()
                == "the variable RUNBOOK_LOG_LEVEL is 'loud': it must be debug, info, warn or error")
    }
}

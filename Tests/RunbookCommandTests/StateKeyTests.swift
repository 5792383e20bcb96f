import CommandSupport
import FoundationEssentials
import RunbookHost
import Testing

@testable import runbook

/// The key that seals what is secret in the state, and where it is kept.
@Suite struct StateKeyTests {
    private static let hexadecimal = String(repeating: "0f", count: 32)
    private static let base64 = Data([UInt8](repeating: 0x0f, count: 32)).base64EncodedString()

    private static func world(_ key: String) -> World { World(user: "state: { folder: ../var, key: \(key) }") }

    private static func digest(_ world: World) throws -> String {
        try StateKey(world.load()).sealer { _ in }.digest([1])
    }

    @Test func aKeyIsReadAsItIsWrittenDown() {
        let key = [UInt8](repeating: 0x0f, count: 32)
        for text in [Self.hexadecimal, Self.hexadecimal.uppercased(), Self.base64, Self.base64 + "\n"] {
            #expect(StateKey.key(Array(text.utf8)) == key, "\(text)")
        }
        let words = "correct horse battery staple and a cow"
        #expect(StateKey.key(Array("\(words)\r\n".utf8)) == Array(words.utf8))
        let binary = (UInt8(0x80)...0xbf).map { $0 }
        #expect(StateKey.key(binary + [0x0a]) == binary + [0x0a])
    }

    @Test func theKeyComesFromWhereTheConfigurationSays() throws {
        var file = Self.world("{ file: /run/key }"), program = Self.world("{ command: [pass, show, key] }")
        file["/run/key"] = MemoryFiles.File(Self.hexadecimal + "\n")
        program.programs["pass show key"] = Self.base64
        var variable = Self.world("{ env: STATE_KEY }")
        variable.environment["STATE_KEY"] = Self.hexadecimal
        #expect(try Self.digest(file) == Self.digest(program))
        #expect(try Self.digest(file) == Self.digest(variable))
        variable.environment["STATE_KEY"] = String(repeating: "0e", count: 32)
        #expect(try Self.digest(file) != Self.digest(variable))
    }

    @Test func theConfigurationShowsWhereItIsAndNotWhatItIs() throws {
        #expect(
            try Self.world("{ command: [pass, show, key] }").load().entry("state.key")
                == "‹secret› printed by pass < \(World.user):1")
        #expect(try World().load().entry("state.key")?.hasSuffix("/keys/state < default") == true)
        #expect(try Self.world("{ env: A }").load().entry("state")?.contains("/home/ada/.config/var") == true)
        #expect(try World(user: "state: { folder: ../var }").load().stateKey == nil)
    }

    @Test(arguments: ["", "short", String(repeating: "0", count: 31)]) func aKeyThatIsTooShortIsRefused(_ key: String)
        throws
    {
        var world = Self.world("{ file: /run/key }")
        world["/run/key"] = MemoryFiles.File(key)
        let error = #expect(throws: CommandError.self) { try Self.digest(world) }
        #expect(
            error?.message.hasPrefix("the file /run/key for state.key is no key: it must have 32 bytes at least")
                == true)
        if !key.isEmpty { #expect(error?.message.contains(key) == false) }
    }

    @Test func aKeyThatIsNotThereIsToldApart() throws {
        let error = #expect(throws: CommandError.self) { try Self.digest(Self.world("{ file: /run/key }")) }
        #expect(error?.message.contains("state.key is to be in the file /run/key, which does not exist") == true)
    }

    @Test(arguments: ["state: { key: { env: RUNBOOK_K } }", "state: { key: { command: [x] } }", "state: { folder: x }"])
    func aProjectFileCannotSayWhereItIs(_ text: String) throws {
        #expect(try World(project: text).failure().contains("state cannot be set by a project file"))
    }

    @Test func aKeyInTheFileItselfIsRefusedAndNotRepeated() throws {
        let failure = try World(user: "state: { key: \(Self.hexadecimal) }").failure()
        #expect(failure.contains("state.key stands in the file itself, where a secret does not belong"))
        #expect(!failure.contains(Self.hexadecimal))
    }

    @Test func aRunIsTakenUpWithItsOwnKeyAlone() async throws {
        try await CommandHarness.without { harness in
            try harness.write("runbook {} confirm('go on?') return 'done'")
            let file = harness.directory + "/.config/runbook/config.yaml"
            func configure(_ key: String) throws {
                try FileManager.default.createDirectory(
                    atPath: harness.directory + "/.config/runbook", withIntermediateDirectories: true)
                try Data("state: { key: { command: [echo, \(key)] } }".utf8).write(to: URL(filePath: file))
            }
            try configure(Self.hexadecimal)
            let plan = try await harness.run("plan", "runbooks/test.lua", "-o", "p.plan", "--no-input")
            #expect(plan.status == 0, "\(plan.errors)")
            #expect(!FileManager.default.fileExists(atPath: harness.directory + "/.local/state/runbook/keys/state"))
            try configure(String(repeating: "0e", count: 32))
            let other = try await harness.run("apply", "p.plan", "--yes")
            #expect(other.status == 4 && other.errors.contains("another state folder"), "\(other.errors)")
            try configure(Self.base64)
            let same = try await harness.run("apply", "p.plan", "--yes")
            #expect(same.status == 0 && same.output == "done\n", "\(same.errors)")
        }
    }
}

import CommandSupport
import RunbookHost
import Testing

@testable import runbook

/// `signatures` in configuration files.
@Suite struct ConfigurationSignatureTests {
    private static let ada = RunbookSigningKey().publicKey
    private static let ops = RunbookSigningKey().publicKey

    private static func user(_ text: String, project: String? = nil) -> World { World(user: text, project: project) }

    @Test func withoutKeysNothingMustBeSigned() throws {
        let configuration = try World().load()
        #expect(configuration.policy.signatures == SignaturePolicy())
        #expect(configuration.entry("signatures.keys") == "none < default")
        #expect(configuration.entry("signatures.require") == "none < default")
        #expect(configuration.signingKey == nil)
    }

    @Test func listedKeysDemandThatScheduledRunbooksAreSigned() throws {
        let configuration = try Self.user(
            """
            signatures:
              keys:
                - \(Self.ada.base64) ada@example.com
                - "\(Self.ops.base64)"
            """
        ).load()
        #expect(
            configuration.policy.signatures
                == SignaturePolicy(
                    keys: [ListedKey(Self.ada, name: "ada@example.com"), ListedKey(Self.ops)], requirement: .scheduled)
        )
        #expect(
            configuration.entry("signatures.keys[1]")
                == "ada@example.com (SHA-256 \(Self.ada.fingerprint.prefix(12))…) < \(World.user):3")
        #expect(
            configuration.entry("signatures.keys[2]")
                == "SHA-256 \(Self.ops.fingerprint.prefix(12))… < \(World.user):4")
        #expect(configuration.entry("signatures.require") == "scheduled < default")
    }

    @Test(arguments: SignatureRequirement.allCases)
    func whatMustBeSignedCanBeSaid(_ requirement: SignatureRequirement) throws {
        let configuration = try Self.user(
            "signatures: { keys: \(Self.ada.base64), require: \(requirement.rawValue) }"
        ).load()
        #expect(configuration.policy.signatures.requirement == requirement)
        #expect(configuration.entry("signatures.require") == "\(requirement.rawValue) < \(World.user):1")
        #expect(configuration.policy.signatures.keys.count == 1)
    }

    @Test func theKeyToSignWithIsKeptWhereASecretIs() throws {
        let world = Self.user("signatures: { sign_with: { command: [pass, show, signing] } }")
        #expect(try world.load().signingKey == .command(["pass", "show", "signing"]))
        #expect(
            try world.load().entry("signatures.sign_with") == "‹secret› printed by pass < \(World.user):1")
        #expect(
            try Self.user("signatures: { sign_with: abcd }").failure().contains("where a secret does not belong"))
    }

    @Test(arguments: [
        ("keys: [hunter2]", "1: an element of signatures.keys is no public key"),
        ("keys: ['']", "1: an element of signatures.keys has no value"),
        ("keys: [{ ada: x }]", "1: an element of signatures.keys must be a single value"),
        ("require: always", "1: signatures.require is 'always': it must be scheduled, all or none"),
        ("requires: all", "1: signatures.requires is not a setting: did you mean require?"),
    ])
    func faultsNameTheirPlace(_ text: String, _ message: String) throws {
        let failure = try Self.user("signatures: { \(text) }").failure()
        #expect(failure.hasPrefix("\(World.user):"))
        #expect(failure.contains(message), "\(failure)")
        #expect(!failure.contains("hunter2"))
    }

    @Test func aKeyOrANameIsNotListedTwice() throws {
        let twice = "signatures:\n  keys:\n    - \(Self.ada.base64) a\n    - \(Self.ada.base64) b"
        #expect(try Self.user(twice).failure().contains(":4: an element of signatures.keys stands there already"))
        let names = "signatures:\n  keys:\n    - \(Self.ada.base64) a\n    - \(Self.ops.base64) a"
        #expect(try Self.user(names).failure().contains(":4: an element of signatures.keys has the name of another"))
    }

    // MARK: Project files

    @Test func aProjectFileListsNoKeysAndNamesNoKeyToSignWith() throws {
        for text in ["keys: [\(Self.ops.base64)]", "keys: []", "sign_with: { env: RUNBOOK_KEY }"] {
            let world = Self.user(
                "signatures: { keys: [\(Self.ada.base64)] }", project: "signatures: { \(text) }")
            let failure = try world.failure()
            #expect(failure.hasPrefix("\(World.project):1: signatures."))
            #expect(failure.contains("cannot be set by a project file"), "\(failure)")
        }
    }

    @Test func aProjectFileDemandsMoreAndNeverLess() throws {
        func world(_ own: String, _ project: String) -> World {
            Self.user(
                "signatures: { keys: [\(Self.ada.base64)]\(own.isEmpty ? "" : ", require: \(own)") }",
                project: "signatures: { require: \(project) }")
        }
        let raised = try world("", "all").load()
        #expect(raised.policy.signatures.requirement == .all && raised.warnings.isEmpty)
        #expect(raised.entry("signatures.require") == "all < \(World.project):1")
        #expect(raised.policy.signatures.keys == [ListedKey(Self.ada)])
        #expect(try world("none", "scheduled").load().policy.signatures.requirement == .scheduled)
        for (own, project, kept) in [("all", "none", "all"), ("all", "scheduled", "all"), ("", "none", "scheduled")] {
            let lowered = try world(own, project).load()
            #expect(lowered.policy.signatures.requirement.rawValue == kept)
            let whose = own.isEmpty ? "of the default" : "that \(World.user):1 sets"
            #expect(
                lowered.warnings == [
                    "\(World.project):1: a project file can only demand more signatures, so signatures.require stays at the "
                        + "\(kept) \(whose); lower it in your own file"
                ])
        }
    }

    @Test func aProjectFileAloneCanDemandWhatNobodyHasSigned() throws {
        let configuration = try World(project: "signatures: { require: all }").load()
        #expect(configuration.policy.signatures == SignaturePolicy(requirement: .all))
    }

    // MARK: The key to sign with

    @Test func aKeyIsReadAsItIsWrittenDown() throws {
        let key = RunbookSigningKey()
        let hexadecimal = Hexadecimal.text(key.bytes)
        for text in [hexadecimal, hexadecimal.uppercased(), Base64.text(key.bytes), Base64.text(key.bytes) + "\r\n"] {
            #expect(SigningKeyInput.key(Array(text.utf8))?.publicKey == key.publicKey, "\(text.count)")
        }
        #expect(SigningKeyInput.key(key.bytes)?.publicKey == key.publicKey)
        for wrong in ["", "00", String(hexadecimal.dropLast()), hexadecimal + "00", "correct horse"] {
            #expect(SigningKeyInput.key(Array(wrong.utf8)) == nil)
        }
    }

    @Test func theKeyComesFromWhereItIsSaidToBe() throws {
        let key = RunbookSigningKey(), text = Base64.text(key.bytes)
        var world = Self.user("signatures: { sign_with: { command: [pass, show, signing] } }")
        world.programs["pass show signing"] = text + "\n"
        world.environment["KEY"] = text
        let input = SigningKeyInput(configuration: try world.load(), mayAsk: false)
        #expect(try input.read(nil).publicKey == key.publicKey)
        #expect(try input.read("env:KEY").publicKey == key.publicKey)
        let none = SigningKeyInput(configuration: try World().load(), mayAsk: false)
        for (given, message) in [
            (nil, "there is no key to sign with: give --key FILE"), ("env:NONE", "variable NONE"),
            ("-", "without a terminal"), (text, "never given on the command line"),
            (Hexadecimal.text(key.bytes), "never given on the command line"),
            ("/nonexistent/key", "is not there: give the file that does"),
        ] {
            let error = #expect(throws: CommandError.self) { try none.read(given) }
            #expect(error?.message.contains(message) == true, "\(error?.message ?? "")")
            #expect(error?.message.contains(text) == false)
        }
    }
}

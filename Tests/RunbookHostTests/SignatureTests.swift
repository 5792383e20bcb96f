import Operations
import RunbookHost
import Testing

/// What a signature says of a runbook, and which ones count.
@Suite struct SignatureTests {
    private func verdict(_ runbook: Runbook) -> SignatureVerdict { SigningHarness.policy().verdict(on: runbook) }

    private func file(_ change: (inout [UInt8]) -> Void) throws -> Runbook {
        var bytes = try #require(try SigningHarness.signed().signature)
        change(&bytes)
        return Runbook(name: "unlock.lua", source: SigningHarness.source, signature: bytes)
    }

    @Test func aListedKeySignsASourceUnderItsName() throws {
        let runbook = try SigningHarness.signed()
        guard case .signed(let signature, by: SigningHarness.listed) = verdict(runbook) else {
            Issue.record("\(verdict(runbook))")
            return
        }
        #expect(signature.runbook == "unlock.lua")
        #expect(signature.sha256 == runbook.sha256)
        #expect(signature.signed == "2026-11-22T03:12:45Z" && signature.signer == "ada")
        #expect(verdict(runbook).problem(of: runbook) == nil)
    }

    @Test func theFolderDoesNotCountAndTheNameDoes() throws {
        let signature = try SigningHarness.signed().signature
        func named(_ name: String) -> SignatureVerdict {
            verdict(Runbook(name: name, source: SigningHarness.source, signature: signature))
        }
        #expect(named("/srv/runbooks/unlock.lua").key == SigningHarness.listed)
        for name in ["delete.lua", "unlock.lua.lua", "unlock", "/unlock.lua/x.lua", "Unlock.lua"] {
            guard case .otherName = named(name) else {
                Issue.record("\(name): \(named(name))")
                continue
            }
        }
    }

    @Test func namesThatOnlyLookAlikeAreTwoNames() throws {
        let composed = "caf\u{e9}.lua", decomposed = "cafe\u{301}.lua"
        #expect(composed == decomposed)
        let signature = try SigningHarness.signed(name: composed).signature
        guard
            case .otherName = verdict(Runbook(name: decomposed, source: SigningHarness.source, signature: signature))
        else {
            Issue.record("it was taken for the other one")
            return
        }
    }

    @Test func aChangedByteOfTheSourceIsSeen() throws {
        let signature = try SigningHarness.signed().signature, source = Array(SigningHarness.source.utf8)
        for place in [0, source.count / 2, source.count - 1] {
            var changed = source
            changed[place] ^= 1
            let runbook = Runbook(name: "unlock.lua", source: changed, signature: signature)
            guard case .otherSource = verdict(runbook) else {
                Issue.record("\(place): \(verdict(runbook))")
                continue
            }
            #expect(verdict(runbook).problem(of: runbook)?.contains("changed after it was signed") == true)
        }
    }

    @Test func noByteOfASignatureFileCanBeChanged() throws {
        let bytes = try #require(try SigningHarness.signed().signature)
        for place in bytes.indices {
            let runbook = try file { $0[place] ^= 1 }
            #expect(verdict(runbook).key == nil, "byte \(place)")
        }
        for count in 0..<bytes.count {
            let runbook = try file { $0.removeLast($0.count - count) }
            guard case .unreadable = verdict(runbook) else {
                Issue.record("\(count) bytes: \(verdict(runbook))")
                continue
            }
        }
    }

    @Test func aKeyThatIsNotListedDoesNotCount() throws {
        let runbook = try SigningHarness.signed(with: SigningHarness.foreign)
        guard case .unlisted(let signature) = verdict(runbook) else {
            Issue.record("\(verdict(runbook))")
            return
        }
        #expect(signature.key == SigningHarness.foreign.publicKey.fingerprint)
    }

    @Test func whoeverNamesAListedKeyAndHasAnotherIsFoundOut() throws {
        let mine = try #require(try SigningHarness.signed(with: SigningHarness.foreign).signature)
        let text = String(decoding: mine, as: UTF8.self)
            .replacing(SigningHarness.foreign.publicKey.fingerprint, with: SigningHarness.listed.key.fingerprint)
        let runbook = Runbook(name: "unlock.lua", source: SigningHarness.source, signature: Array(text.utf8))
        guard case .forged(_, SigningHarness.listed) = verdict(runbook) else {
            Issue.record("\(verdict(runbook))")
            return
        }
    }

    @Test func aForeignSignatureFileDoesNotFit() throws {
        let other = try SigningHarness.signed("runbook { } return 1").signature
        guard
            case .otherSource = verdict(
                Runbook(name: "unlock.lua", source: SigningHarness.source, signature: other))
        else {
            Issue.record("it was taken")
            return
        }
    }

    @Test(arguments: [
        ("", "it is empty"), ("runbook-signature/2\n", "does not begin"),
        ("\u{feff}runbook-signature/1\n", "does not begin"),
        ("runbook-signature/1\r\n", "does not begin"), ("runbook-signature/1\n", "its line 2 is not 'runbook: …'"),
        ("runbook-signature/1\nrunbook: a\nsha256 : b\n", "its line 3 is not 'sha256: …'"),
        ("-----BEGIN SSH SIGNATURE-----\n", "does not begin"),
    ])
    func whatIsNoSignatureFileSaysWhy(_ text: String, _ reason: String) {
        let error = #expect(throws: RunbookSignature.Fault.self) { try RunbookSignature(parsing: Array(text.utf8)) }
        #expect(error?.description.contains(reason) == true, "\(error?.description ?? "")")
    }

    @Test(arguments: [
        ("runbook: unlock.lua", "runbook: ../unlock.lua", "'runbook' is no name"),
        ("runbook: unlock.lua", "runbook: ", "'runbook' is empty"),
        ("runbook: unlock.lua", "runbook: a\u{7}b", "'runbook' is empty or has characters"),
        ("runbook: unlock.lua", "runbook: un\u{202e}lock.lua", "'runbook' is empty or has characters"),
        ("by: ada", "by: a\u{2028}da", "'by' is empty or has characters"),
        ("by: ada", "by: ada\u{200b}", "'by' is empty or has characters"),
        ("signed: 2026-11-22T03:12:45Z", "signed: yesterday", "'signed' is no time"),
        ("by: ada", "by: ada\u{9b}", "'by' is empty or has characters"),
        ("signature: ", "signature:  ", "'signature' is not 64 bytes"),
        ("sha256: ", "sha256: 00", "'sha256' is no SHA-256"), ("key: ", "key: A", "'key' is no SHA-256"),
        ("=\n", "=\n\n", "something stands behind"), ("=\n", "=", "something stands behind"),
    ])
    func everyLineIsReadStrictly(_ part: String, _ other: String, _ reason: String) throws {
        let text = String(decoding: try #require(try SigningHarness.signed().signature), as: UTF8.self)
        let changed = text.replacing(part, with: other)
        #expect(changed != text)
        let error = #expect(throws: RunbookSignature.Fault.self) {
            try RunbookSignature(parsing: Array(changed.utf8))
        }
        #expect(error?.description.contains(reason) == true, "\(error?.description ?? "")")
    }

    @Test func aHugeSignatureFileIsRefusedAndNotKept() throws {
        let runbook = try file { $0 += Array(repeating: UInt8(ascii: "x"), count: 10 << 20) }
        #expect(runbook.signature?.count == RunbookSignature.maximumSize + 1)
        #expect(verdict(runbook) == .unreadable("it has more than 4096 bytes"))
    }

    @Test(arguments: ["a\nb.lua", "a/", "", "\u{1b}[31m.lua", "a\u{2067}b.lua", "a\u{2029}.lua"])
    func aNameThatCannotStandInALineIsNotSigned(_ name: String) {
        #expect(throws: RunbookSignature.Fault.self) {
            try SigningHarness.key.sign(
                Runbook(name: name, source: "return 1"), signed: "2026-11-22T03:12:45Z", by: "ada")
        }
    }

    @Test func aSignatureFileIsReadAsItIsWritten() throws {
        let bytes = try #require(try SigningHarness.signed(name: "/srv/\u{fc}ber uns.lua").signature)
        let signature = try RunbookSignature(parsing: bytes)
        #expect(signature.text == bytes)
        #expect(signature.runbook == "\u{fc}ber uns.lua")
        #expect(SigningHarness.key.publicKey.hasMade(signature))
        #expect(!SigningHarness.foreign.publicKey.hasMade(signature))
    }

    @Test func keysComeBackFromWhatIsWrittenOfThem() throws {
        let key = SigningHarness.key
        #expect(RunbookSigningKey(key.bytes)?.publicKey == key.publicKey)
        #expect(RunbookPublicKey(base64: key.publicKey.base64) == key.publicKey)
        #expect(RunbookPublicKey(base64: key.publicKey.base64 + "=") == nil)
        #expect(RunbookPublicKey(base64: "aaaa") == nil)
        #expect(RunbookSigningKey([1, 2, 3]) == nil)
        #expect(!"\(key)".contains(key.bytes.map(String.init).joined(separator: ", ")))
        #expect("\(key)".contains(key.publicKey.fingerprint))
        #expect(Mirror(reflecting: key).children.isEmpty)
    }

    @Test func withoutAWordScheduledRunbooksMustBeSignedOnceAKeyIsListed() {
        #expect(SignaturePolicy().requirement == .none)
        #expect(SigningHarness.policy().requirement == .scheduled)
        #expect(
            SignaturePolicy(keys: [SigningHarness.listed], requirement: SignatureRequirement.none).requirement == .none)
        #expect(SignatureRequirement.none < .scheduled && SignatureRequirement.scheduled < .all)
    }
}

import Operations
import RunbookHost

/// Two keys, one of which is listed, and a runbook to sign.
enum SigningHarness {
    static let key = RunbookSigningKey()
    static let foreign = RunbookSigningKey()
    static let listed = ListedKey(key.publicKey, name: "ada")

    static let source =
        "runbook { needs = { 'users:read', 'users:unlock' } }\nusers.unlock(5)\nreturn users.get(5).locked"

    /// A runbook, signed with a key.
    static func signed(
        _ source: String = source, name: String = "unlock.lua", with key: RunbookSigningKey = key
    ) throws -> Runbook {
        let signature = try key.sign(
            Runbook(name: name, source: source), signed: "2026-11-22T03:12:45Z", by: "ada")
        return Runbook(name: name, source: source, signature: signature.text)
    }

    static func policy(_ requirement: SignatureRequirement? = nil) -> SignaturePolicy {
        SignaturePolicy(keys: [listed], requirement: requirement)
    }

    /// A host in a world that demands signatures.
    static func host(_ world: MortalWorld, _ requirement: SignatureRequirement) throws -> RunbookHost {
        var host = try world.host()
        host.policy.signatures = policy(requirement)
        return host
    }
}

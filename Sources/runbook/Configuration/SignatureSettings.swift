import CommandSupport
import RunbookHost

/// What one file says of signed runbooks; what it does not say is `nil`.
struct SignatureSettings: Sendable {
    var keys: [Setting<ListedKey>]?
    var requirement: Setting<SignatureRequirement>?
    /// Where the key is that `runbook sign` signs with.
    var signingKey: Setting<SecretSource>?
}

/// Which keys count and when, while that is put together, with where it comes from.
struct SignatureMerger {
    private var keys: [Setting<ListedKey>] = []
    private var requirement: Setting<SignatureRequirement>?
    private var signingKey: Setting<SecretSource>?
    private(set) var warnings: [String] = []

    /// Takes over what a file says. A project file has no keys, and can only demand more.
    mutating func apply(_ settings: SignatureSettings, onlyNarrowing: Bool) {
        keys = settings.keys ?? keys
        signingKey = settings.signingKey ?? signingKey
        guard let asked = settings.requirement else { return }
        guard !onlyNarrowing || asked.value >= policy.requirement else {
            let whose = requirement.map { "that \($0.origin) sets" } ?? "of the default"
            warnings.append(
                "\(asked.origin): a project file can only demand more signatures, so signatures.require stays at the "
                    + "\(policy.requirement.rawValue) \(whose); lower it in your own file")
            return
        }
        requirement = asked
    }

    /// The policy that comes of it.
    var policy: SignaturePolicy { SignaturePolicy(keys: keys.map(\.value), requirement: requirement?.value) }

    /// Where the key is that `runbook sign` signs with; `nil` if nobody says.
    var source: SecretSource? { signingKey?.value }

    /// The lines of `runbook config`.
    var entries: [Configuration.Entry] {
        var entries = keys.enumerated().map { index, key in
            Configuration.Entry(
                key: "signatures.keys[\(index + 1)]", value: key.value.description, origin: key.origin)
        }
        if keys.isEmpty {
            entries.append(Configuration.Entry(key: "signatures.keys", value: "none", origin: .standard))
        }
        entries.append(
            Configuration.Entry(
                key: "signatures.require", value: policy.requirement.rawValue,
                origin: requirement?.origin ?? .standard))
        if let signingKey {
            entries.append(
                Configuration.Entry(
                    key: "signatures.sign_with", value: signingKey.value.description, origin: signingKey.origin))
        }
        return entries
    }
}

extension SignatureRequirement {
    static let expected = "scheduled, all or none"
}

extension ListedKey {
    /// Reads `KEY` or `KEY NAME`; `nil` if that is none.
    init?(line: String) {
        let parts = line.split(separator: " ", maxSplits: 1, omittingEmptySubsequences: true)
        guard let first = parts.first, let key = RunbookPublicKey(base64: String(first)) else { return nil }
        self.init(key, name: parts.count > 1 ? String(parts[1]).trimmed : "")
    }
}

/// What a runbook's signature is worth, with the keys that are listed.
public enum SignatureVerdict: Sendable, Hashable {
    /// A listed key has signed this source under this name.
    case signed(RunbookSignature, by: ListedKey)
    /// There is no signature.
    case missing
    /// What stands for one is none; why.
    case unreadable(String)
    /// It is that of a runbook with another name.
    case otherName(RunbookSignature)
    /// It is that of another source: this one was changed after it was signed.
    case otherSource(RunbookSignature)
    /// It was made with a key that is not listed.
    case unlisted(RunbookSignature)
    /// A listed key should have made it and has not.
    case forged(RunbookSignature, ListedKey)

    /// The key that has signed the runbook; `nil` if none has that is listed.
    public var key: ListedKey? {
        if case .signed(_, let key) = self { key } else { nil }
    }

    /// What is wrong with the signature, a part of a sentence; `nil` if nothing is.
    ///
    /// - Parameter runbook: the runbook that it should be of.
    public func problem(of runbook: Runbook) -> String? {
        switch self {
        case .signed: nil
        case .missing: "there is no signature beside it (\(runbook.name)\(RunbookSignature.suffix))"
        case .unreadable(let reason): "\(runbook.name)\(RunbookSignature.suffix) is no signature: \(reason)"
        case .otherName(let signature):
            "its signature is for \(signature.runbook): it was renamed or copied after it was signed"
        case .otherSource(let signature):
            "its source was changed after it was signed (SHA-256 \(signature.sha256.prefix(12))… then, "
                + "\(runbook.sha256.prefix(12))… now)"
        case .unlisted(let signature):
            "it was signed with a key that is not listed here (SHA-256 \(signature.key.prefix(12))…)"
        case .forged(_, let key):
            "its signature was not made with the key that it names, \(key): the signature file was altered"
        }
    }
}

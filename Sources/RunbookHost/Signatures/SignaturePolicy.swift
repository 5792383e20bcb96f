/// Which runbooks an operator lets run by who has signed them.
///
/// A signature says that somebody who has a listed key agrees to a source under its name. It has no end: an older version
/// that was signed stays signed until its key is taken off the list.
public struct SignaturePolicy: Sendable, Hashable {
    /// The keys that count.
    public var keys: [ListedKey]
    /// Which runbooks must be signed by one of them.
    public var requirement: SignatureRequirement

    /// A policy.
    ///
    /// - Parameters:
    ///   - keys: Default: none.
    ///   - requirement: Default: `scheduled` if a key is listed, else `none`.
    public init(keys: [ListedKey] = [], requirement: SignatureRequirement? = nil) {
        self.keys = keys
        self.requirement = requirement ?? (keys.isEmpty ? .none : .scheduled)
    }

    /// What a runbook's signature is worth.
    public func verdict(on runbook: Runbook) -> SignatureVerdict {
        guard let file = runbook.signature else { return .missing }
        let signature: RunbookSignature
        do throws(RunbookSignature.Fault) { signature = try RunbookSignature(parsing: file) } catch {
            return .unreadable(error.description)
        }
        // By bytes: two texts that look alike may name two files.
        guard signature.runbook.utf8.elementsEqual(RunbookSignature.name(of: runbook).utf8) else {
            return .otherName(signature)
        }
        guard signature.sha256 == runbook.sha256 else { return .otherSource(signature) }
        guard let listed = keys.first(where: { $0.key.fingerprint == signature.key }) else {
            return .unlisted(signature)
        }
        guard listed.key.hasMade(signature) else { return .forged(signature, listed) }
        return .signed(signature, by: listed)
    }

    /// The fingerprint of the listed key that has signed a runbook as it is; empty if none has.
    func signer(of runbook: Runbook) -> String { verdict(on: runbook).key?.key.fingerprint ?? "" }

    /// Whether a runbook must be signed to be run.
    ///
    /// - Parameter isScheduled: whether it runs on a schedule.
    public func isRequired(isScheduled: Bool) -> Bool {
        requirement == .all || requirement == .scheduled && isScheduled
    }

    /// Why a runbook is not run, what is wrong and what to do; `nil` if it may be run.
    ///
    /// What this host has made itself of a run's journal, to undo it, needs no signature.
    ///
    /// - Parameters:
    ///   - runbook: with the content of its signature file.
    ///   - isScheduled: whether it is to run on a schedule.
    public func refusal(of runbook: Runbook, isScheduled: Bool) -> String? {
        guard isRequired(isScheduled: isScheduled), runbook.maker != .journal else { return nil }
        let verdict = verdict(on: runbook)
        guard let problem = verdict.problem(of: runbook) else { return nil }
        let which = requirement == .all ? "runbooks" : "scheduled runbooks"
        let rule =
            "the operator's policy (signatures.require: \(requirement.rawValue)) lets only \(which) run that a listed "
            + "key has signed"
        if runbook.maker == .session {
            return
                "the changes of this session are not made: \(rule), and what is typed is signed by nobody. Write it to a "
                + "file with .record, and let somebody sign that with 'runbook sign'"
        }
        return "\(runbook.name) is not run: \(rule), and \(problem). \(advice(verdict, runbook))"
    }

    private func advice(_ verdict: SignatureVerdict, _ runbook: Runbook) -> String {
        guard !keys.isEmpty else {
            return "No key is listed: 'runbook sign --make-key FILE' makes one and prints the line for signatures.keys"
        }
        let sign = "'runbook sign \(runbook.name)'"
        return if case .unlisted = verdict {
            "Let somebody look at it and sign it whose key is listed, with \(sign), or add the key to signatures.keys"
        } else {
            "Look at what it does, and sign it with \(sign)"
        }
    }
}

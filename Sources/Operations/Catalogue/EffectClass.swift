/// What a call may do to the world, and so what plan mode, retry and resume do with it.
public enum EffectClass: String, Sendable, Hashable, CaseIterable {
    /// Changes nothing: sent in plan mode, retried, sent again on resume.
    case read
    /// A PUT or DELETE that ends in the same state however often it is sent: retried, sent again on resume.
    case idempotent
    /// A creation that a read can find: retried only if surely not sent, read back on resume.
    case reconcilable
    /// Neither: retried only if surely not sent; an unknown outcome needs a person's decision.
    case unsafe

    /// Whether a call of this class changes something.
    public var isChange: Bool { self != .read }

    /// Whether a call that may already have reached the server may be sent once more without asking.
    public var maySendAgain: Bool { self == .read || self == .idempotent }
}

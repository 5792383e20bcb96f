/// When an attempt that failed may be followed by another one.
package enum Repetition: Sendable, Hashable {
    /// Never: it would fail again.
    case never
    /// For every operation: the server surely did not act on it.
    case always
    /// For operations that may be sent twice: the server may have acted on it.
    case ifRepeatable
    /// For reads only.
    case ifRead

    package func allows(_ effect: EffectClass) -> Bool {
        switch self {
        case .never: false
        case .always: true
        case .ifRepeatable: effect.maySendAgain
        case .ifRead: effect == .read
        }
    }
}

import Operations

extension EffectClass {
    /// What plan mode, a retry and a resumed run do with a call of this class.
    var words: String {
        switch self {
        case .read:
            "read: changes nothing. Sent in plan mode too; tried again after a failure, and sent again when a run is resumed."
        case .idempotent:
            """
            idempotent: changes something, and ends the same however often it is sent. Plan mode shows it and does not send \
            it; it is tried again after a failure, and sent again when a run is resumed.
            """
        case .reconcilable:
            """
            reconcilable: creates something that can be looked up. Plan mode shows it and does not send it; it is tried \
            again only if it surely was not sent, and a resumed run looks first whether it happened.
            """
        case .unsafe:
            """
            unsafe: must not be done twice. Plan mode shows it and does not send it; it is tried again only if it surely was \
            not sent, and if nobody knows whether it happened, the run stops until somebody decides.
            """
        }
    }
}

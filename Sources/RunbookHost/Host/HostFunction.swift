internal import Operations

/// What the prelude asks of the host besides operations. Reads of time and randomness are among them, so that a journal
/// has them.
enum HostFunction: String, Sendable {
    /// `runbook { … }`: the manifest; answers the parameters.
    case declare = "runbook"
    /// Milliseconds since 1970 and since the run began.
    case clock
    /// Waits.
    case sleep
    /// Asks a person.
    case confirm
    /// A new random secret.
    case generateSecret = "secrets.generate"
    /// A secret's text.
    case revealSecret = "secrets.reveal"
    /// Several changes that belong together begin.
    case beginComposite = "users.patch"
    /// They have ended; a note.
    case endComposite = "composite.end"
    /// A log line; a note.
    case log

    /// The right it needs, if any.
    var capability: Capability? { self == .revealSecret ? "secrets:reveal" : nil }
}

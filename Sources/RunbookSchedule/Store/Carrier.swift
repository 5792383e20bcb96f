public import RunbookHost

/// A scheduler that is there, or was: it shows that it lives by counting.
public struct Carrier: Sendable, Hashable {
    /// Its id. One that was given up comes back under another.
    public let id: String
    /// Its process.
    public let owner: RunOwner
    /// When it began, milliseconds since 1970.
    public let began: Int64
    /// Grows while it lives.
    public var beats: Int64

    /// A scheduler that begins now.
    public init(id: String, owner: RunOwner, began: Int64, beats: Int64 = 0) {
        self.id = id
        self.owner = owner
        self.began = began
        self.beats = beats
    }
}

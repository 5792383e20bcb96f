/// Which runbooks must be signed by a listed key. The later ones demand more.
public enum SignatureRequirement: String, Sendable, Hashable, CaseIterable, Comparable {
    /// None must.
    case none
    /// Those that run on a schedule, with nobody there.
    case scheduled
    /// All; what a person types may read and change nothing.
    case all

    private var rank: Int {
        switch self {
        case .none: 0
        case .scheduled: 1
        case .all: 2
        }
    }

    /// Whether the second demands more.
    public static func < (one: Self, other: Self) -> Bool { one.rank < other.rank }
}

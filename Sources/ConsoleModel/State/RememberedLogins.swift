/// `Authorization` headers that were right, so that each is decoded and compared once and not with every request.
struct RememberedLogins: Sendable {
    private struct Entry: Sendable {
        let id: Int32
        let generation: UInt32
    }

    private static let limit = 4096
    private var entries: [String: Entry] = [:]

    /// Whose header it is, and how often that account's login had changed when it was right.
    subscript(header: String) -> (id: Int32, generation: UInt32)? {
        entries[header].map { ($0.id, $0.generation) }
    }

    mutating func remember(_ header: String, _ user: User) {
        if entries.count >= Self.limit { entries.removeAll(keepingCapacity: true) }
        entries[header] = Entry(id: user.id, generation: user.generation)
    }
}

/// One criterion of a sorted page: `property[,ASC|DESC]`.
struct SortTerm: Sendable, Hashable {
    /// What users can be sorted by.
    enum Property: String, Sendable, Hashable, CaseIterable {
        case id
        case login
        case name
        case email
        case enabled
        case locked
        case roleID = "role.id"
        case roleName = "role.name"
        case sourceID = "authentication.id"
        case sourceName = "authentication.name"
        case sourceType = "authentication.type"
    }

    let property: Property
    let isDescending: Bool

    /// Reads `login`, `login,ASC` or `login,desc`.
    init(parsing text: String) throws(ConsoleError) {
        let parts = text.split(separator: ",", omittingEmptySubsequences: false)
        guard let name = parts.first, let property = Property(rawValue: String(name)) else {
            throw .badRequest("Users cannot be sorted by \(text).")
        }
        self.property = property
        switch parts.count == 2 ? parts[1].lowercased() : (parts.count == 1 ? "asc" : "") {
        case "asc": isDescending = false
        case "desc": isDescending = true
        default: throw .badRequest("The sort \(text) must be property, property,ASC or property,DESC.")
        }
    }
}

/// The orders that pages were last asked in: sorting is done once for a walk over all pages, not once a page.
///
/// An order lapses when a value it was made from changes, so unlocking users while walking them by login costs nothing.
struct UserOrders: Sendable {
    private struct Entry: Sendable {
        let ids: [Int32]
        let stamp: UInt64
    }

    private static let limit = 8
    private var entries: [[SortTerm]: Entry] = [:]
    private var changes: [SortTerm.Property: UInt64] = [:]
    private var membershipChanges: UInt64 = 0

    /// The order, if nothing that it depends on has changed since.
    func remembered(_ terms: [SortTerm]) -> [Int32]? {
        guard let entry = entries[terms], entry.stamp == stamp(terms) else { return nil }
        return entry.ids
    }

    mutating func remember(_ ids: [Int32], _ terms: [SortTerm]) {
        if entries.count >= Self.limit { entries.removeAll() }
        entries[terms] = Entry(ids: ids, stamp: stamp(terms))
    }

    /// A user or role was added, changed or removed.
    mutating func invalidateAll() { membershipChanges &+= 1 }

    mutating func invalidate(changedFrom old: User, to new: User) {
        if old.login != new.login { changes[.login, default: 0] += 1 }
        if old.name != new.name { changes[.name, default: 0] += 1 }
        if old.email != new.email { changes[.email, default: 0] += 1 }
        if old.isEnabled != new.isEnabled { changes[.enabled, default: 0] += 1 }
        if old.isLocked != new.isLocked { changes[.locked, default: 0] += 1 }
        if old.role != new.role || old.source != new.source { membershipChanges += 1 }
    }

    /// Grows with every change that matters to these terms: counts only go up, so equal sums mean no change.
    private func stamp(_ terms: [SortTerm]) -> UInt64 {
        terms.reduce(membershipChanges) { $0 + changes[$1.property, default: 0] }
    }
}

extension ConsoleState {
    /// Ids of the users of one page; empty beyond the end.
    mutating func page(_ page: Int, size: Int, sort terms: [SortTerm]) -> ArraySlice<Int32> {
        let ordered = order(terms)
        let (start, isTooFar) = page.multipliedReportingOverflow(by: size)
        guard !isTooFar, start < ordered.count else { return [] }
        return ordered[start..<Swift.min(start + size, ordered.count)]
    }

    private mutating func order(_ terms: [SortTerm]) -> [Int32] {
        if terms.isEmpty || (terms[0].property == .id && !terms[0].isDescending) { return ids.ids }
        if let remembered = orders.remembered(terms) { return remembered }
        let sorted = sorted(terms)
        orders.remember(sorted, terms)
        return sorted
    }

    /// Sorts numbers that stand for the values, not users: moving a million users about would take a minute.
    private func sorted(_ terms: [SortTerm]) -> [Int32] {
        let users = ids.ids.compactMap(user)
        let columns = terms.map { term in
            let ranks = ranks(of: term.property, users)
            return term.isDescending ? ranks.map { UInt32.max - $0 } : ranks
        }
        let rows = users.indices.sorted { left, right in
            for column in columns where column[left] != column[right] { return column[left] < column[right] }
            return left < right
        }
        return rows.map { users[$0].id }
    }

    /// Numbers in the order of the users' values.
    private func ranks(of property: SortTerm.Property, _ users: [User]) -> [UInt32] {
        switch property {
        case .id: users.map { UInt32(bitPattern: $0.id) }
        case .login: Self.ranks(users.map(\.login))
        case .name: Self.ranks(users.map(\.name))
        case .email: Self.ranks(users.map { $0.email ?? "" })
        case .enabled: users.map { $0.isEnabled ? 1 : 0 }
        case .locked: users.map { $0.isLocked ? 1 : 0 }
        case .roleID: Self.ranks(users.map(\.role))
        case .roleName: Self.ranks(users.map { roles[$0.role]?.name ?? "" })
        case .sourceID: users.map { UInt32(bitPattern: $0.source) }
        case .sourceName: Self.ranks(users.map { source($0.source)?.name ?? "" })
        case .sourceType: Self.ranks(users.map { source($0.source)?.type ?? "" })
        }
    }

    /// The position of each text among the different texts.
    private static func ranks(_ texts: [String]) -> [UInt32] {
        let ordered = texts.enumerated().sorted { $0.element < $1.element }
        var ranks = [UInt32](repeating: 0, count: texts.count)
        var rank: UInt32 = 0
        var previous: String?
        for (index, text) in ordered {
            if let previous, previous != text { rank += 1 }
            previous = text
            ranks[index] = rank
        }
        return ranks
    }
}

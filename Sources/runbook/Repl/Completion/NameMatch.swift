/// Chooses the names that a beginning may stand for.
enum NameMatch {
    /// How a name fits what was typed, the best first.
    private enum Rank: Int, Comparable {
        case beginning
        case beginningInOtherCase
        case inside

        static func < (left: Rank, right: Rank) -> Bool { left.rawValue < right.rawValue }
    }

    /// The elements whose name begins so; if none does, those that begin so in letters of another case; else those that
    /// have it somewhere: `pass` of `reset_password`. The order is kept.
    ///
    /// - Parameter inside: whether the last is looked for. Default: it is.
    static func best<Element>(
        _ elements: [Element], _ typed: String, inside: Bool = true, by name: (Element) -> String
    ) -> [Element] {
        guard !typed.isEmpty else { return elements }
        let small = typed.lowercased()
        let ranked = elements.compactMap { element -> (Rank, Element)? in
            let name = name(element)
            if name.hasPrefix(typed) { return (.beginning, element) }
            let lowercased = name.lowercased()
            if lowercased.hasPrefix(small) { return (.beginningInOtherCase, element) }
            return inside && lowercased.firstPlace(of: small) != nil ? (.inside, element) : nil
        }
        guard let best = ranked.lazy.map(\.0).min() else { return [] }
        return ranked.filter { $0.0 == best }.map(\.1)
    }
}

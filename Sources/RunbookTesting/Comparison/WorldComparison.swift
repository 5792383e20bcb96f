internal import Operations

/// Compares a world with what a test expects of it.
enum WorldComparison {
    /// What is different: things are looked at by their names, each partially; `false` stands for what is not there.
    static func differences(_ expected: JSONValue, _ world: JSONValue, _ path: String) -> [Difference] {
        var found: [Difference] = []
        for (kind, things) in (expected.objectValue ?? [:]).sorted(by: { $0.key < $1.key }) {
            for (name, thing) in (things.objectValue ?? [:]).sorted(by: { $0.key < $1.key }) {
                let place = "\(path).\(kind)\(Comparison.place(of: name))"
                let there = world[kind]?[name]
                switch (thing, there) {
                case (.bool(false), nil): break
                case (.bool(false), let there?):
                    found.append(Difference(place, expected: "not there", found: ShownJSON.text(there, bytes: 200)))
                case (_, nil): found.append(Difference(place, expected: ShownJSON.text(thing), found: "not there"))
                case (.bool(true), _): break
                case (_, let there?):
                    if let unknown = thing.objectValue?.keys.sorted().first(where: { there[$0] == nil }) {
                        let known = (there.objectValue?.keys.sorted() ?? []).joined(separator: ", ")
                        found.append(
                            Difference(
                                "\(place)\(Comparison.place(of: unknown))", expected: "a field that there is",
                                found: "there are: \(known)"))
                    } else if let difference = Comparison.difference(thing, there, place, .partial) {
                        found.append(difference)
                    }
                }
            }
        }
        return found
    }
}

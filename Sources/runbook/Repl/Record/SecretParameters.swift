/// The parameters that a recorded runbook takes its secrets from.
struct SecretParameters {
    /// A parameter.
    struct Parameter: Hashable {
        let name: String
        let documentation: String
    }

    /// All of them, in the order in which they came up.
    private(set) var all: [Parameter] = []
    private var names: [String: String] = [:]
    private var taken: Set<String>

    /// - Parameter taken: names that are not to be given to others.
    init(taken: [String]) { self.taken = Set(taken) }

    /// The parameter for a secret that stands in a statement: the same for the same text.
    mutating func name(for literal: SecretLiterals.Literal) -> String {
        if let name = names[literal.value] { return name }
        var name = literal.name
        var number = 1
        while !taken.insert(name).inserted {
            number += 1
            name = "\(literal.name)_\(number)"
        }
        names[literal.value] = name
        all.append(Parameter(name: name, documentation: "stood in the session as text"))
        return name
    }
}

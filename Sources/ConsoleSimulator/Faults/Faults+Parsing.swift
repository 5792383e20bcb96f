internal import Operations

/// Why a list of faults cannot be read.
public struct FaultSyntaxError: Error, Sendable, Hashable, CustomStringConvertible {
    /// What is wrong and what to write instead.
    public let description: String

    init(_ description: String) { self.description = description }
}

extension Faults {
    private static let keys: [(name: String, path: any WritableKeyPath<Faults, Double> & Sendable)] = [
        ("reset-before", \.resetBefore), ("reset-after", \.resetAfter), ("429", \.tooMany), ("503", \.unavailable),
        ("truncate", \.truncate), ("slow", \.slow),
    ]

    /// Reads `reset-before=0.01,reset-after=0.01,429=0.02,503=0.02,truncate=0.01,slow=0.01`; what is left out is 0.
    ///
    /// - Throws: ``FaultSyntaxError`` for an unknown or repeated name, a probability that is not from 0 to 1, or
    ///   probabilities that are more than 1 together.
    public init(parsing text: String) throws(FaultSyntaxError) {
        self.init()
        var seen: Set<String> = []
        var total = 0.0
        let items = text.split(separator: ",", omittingEmptySubsequences: false).map { item in
            item.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false).map { part in
                String(part.drop(while: \.isWhitespace).reversed().drop(while: \.isWhitespace).reversed())
            }
        }
        guard !text.allSatisfy(\.isWhitespace) else { return }
        for item in items {
            guard let (name, path) = Self.keys.first(where: { $0.name == item[0] }) else {
                let names = Self.keys.map(\.name)
                let hint = item[0].nearest(among: names).map { ": did you mean \($0)?" } ?? "."
                let known = names.joined(separator: ", ")
                throw FaultSyntaxError("There is no fault called '\(item[0])'\(hint) Known are \(known).")
            }
            guard item.count == 2, let share = Double(item[1]), (0...1).contains(share) else {
                throw FaultSyntaxError(
                    "The fault \(name) needs a probability from 0 to 1, written \(name)=0.01"
                        + (item.count == 2 ? ", not '\(item[1])'." : "."))
            }
            guard seen.insert(name).inserted else {
                throw FaultSyntaxError("The fault \(name) is given twice: write it once.")
            }
            self[keyPath: path] = share
            total += share
        }
        guard total <= 1.000_001 else {
            throw FaultSyntaxError("The probabilities of the faults are \(total) together; they may be 1 at most.")
        }
    }
}

/// Parts of a function in which a register has something in particular to it, found quickly by register and instruction.
/// The parts of one register do not overlap: a register is one local's at a time.
struct RegisterScopes {
    private var scopes: [Int: [Range<Int>]] = [:]

    /// No parts.
    init() {}

    /// The scopes of local variables, which are listed in the order of their declaration: each has the register after
    /// those of the ones that are still alive.
    init(of locals: [FunctionPrototype.Local]) {
        var alive: [Range<Int>] = []
        for local in locals {
            while let last = alive.last, last.upperBound <= local.scope.lowerBound { alive.removeLast() }
            insert(local.scope, for: alive.count)
            alive.append(local.scope)
        }
    }

    /// Adds a part, unless it is there or overlaps one that is.
    mutating func insert(_ scope: Range<Int>, for register: Int) {
        guard !scope.isEmpty else { return }
        let index = firstIndex(endingAfter: scope.lowerBound, of: register)
        let list = scopes[register, default: []]
        guard index == list.count || list[index].lowerBound >= scope.upperBound else { return }
        scopes[register, default: []].insert(scope, at: index)
    }

    /// The part of `register` that `position` is in.
    func scope(of register: Int, at position: Int) -> Range<Int>? {
        let index = firstIndex(endingAfter: position, of: register)
        guard let list = scopes[register], index < list.count, list[index].contains(position) else { return nil }
        return list[index]
    }

    private func firstIndex(endingAfter position: Int, of register: Int) -> Int {
        let list = scopes[register] ?? []
        var low = 0, high = list.count
        while low < high {
            let middle = (low + high) / 2
            if list[middle].upperBound <= position { low = middle + 1 } else { high = middle }
        }
        return low
    }
}

/// Finds the globals that a function and those within it use, by following which registers hold what.
///
/// A register's content at an instruction is what it holds on every way there; where ways disagree it is unknown. A local
/// that a function within assigns to is unknown as long as it lives.
struct UsageAnalysis {
    /// What is known of a register or an upvalue; nothing known is nil.
    private enum Value: Hashable {
        /// The table of globals, and where it was read by its name `_G`.
        case globals(origins: Set<Int>)
        /// A global or a member of one, and which accesses it was read by.
        case path([String], origins: Set<Int>)
        /// A string constant.
        case text(String)
    }

    /// The registers that something is known of.
    private typealias State = [Int: Value]

    /// A function, and what its upvalues hold when it is made.
    private struct Job {
        let prototype: FunctionPrototype
        let upvalues: [Value?]
    }

    /// A local that functions within capture.
    private struct Capture: Hashable {
        let register: Int
        let start: Int
    }

    /// Names deeper than this are of data and nobody's concern.
    private static let longestPath = 4

    private var accesses: [(origin: Int, access: GlobalAccess)] = []
    private var followed: Set<Int> = []
    private(set) var environmentChanges: [Int] = []

    // The function at work, and its number.
    private var number = -1
    private var prototype: FunctionPrototype
    private var upvalues: [Value?] = []
    /// Where each register is a local.
    private var locals = RegisterScopes()
    /// Where a register is a local that a function within assigns to.
    private var shared = RegisterScopes()
    /// Registers that a function within assigns to while they are no known local: only in what is not Lua's.
    private var unsettled: Set<Int> = []
    /// Whether a local is assigned to in its lifetime, by where that begins.
    private var assigned: [Capture: Bool] = [:]
    private var isRecording = false
    private var found: [Job] = []
    private var enqueued: Set<Int> = []

    init() {
        prototype = FunctionPrototype(
            source: "", lineDefined: 0, registerCount: 0, code: [], constants: [], upvalues: [], nested: [], lines: [],
            locals: [])
    }

    /// What was found, in the order of the lines.
    func sortedAccesses() -> [GlobalAccess] {
        let sorted = accesses.sorted { ($0.access.line, $0.origin) < ($1.access.line, $1.origin) }
        return sorted.map { origin, access in
            var access = access
            access.isFollowed = followed.contains(origin)
            return access
        }
    }

    /// Analyses a main function, whose first upvalue holds the globals, and all within.
    mutating func run(_ main: FunctionPrototype) {
        var waiting = [
            Job(prototype: main, upvalues: main.upvalues.indices.map { $0 == 0 ? .globals(origins: []) : nil })
        ]
        while let job = waiting.popLast() {
            prototype = job.prototype
            upvalues = job.upvalues
            number += 1
            found = []
            enqueued = []
            analyse()
            waiting += found.reversed()
        }
    }

    // MARK: One function

    private mutating func analyse() {
        locals = RegisterScopes(of: prototype.locals)
        assigned = [:]
        findSharedRegisters()
        for local in prototype.locals where local.name == "_ENV" {
            let declared = min(max(local.scope.lowerBound - 1, 0), prototype.lines.count - 1)
            environmentChanges.append(prototype.lines[declared])
        }

        let leaders = blockLeaders()
        var entries: [Int: State] = [0: [:]]
        // What cannot be reached is read too, once nothing else is left: it shows what was meant.
        isRecording = false
        settle(from: [0], leaders: leaders, entries: &entries)
        for leader in leaders.sorted() where entries[leader] == nil {
            entries[leader] = [:]
            settle(from: [leader], leaders: leaders, entries: &entries)
        }

        isRecording = true
        for leader in leaders.sorted() {
            var state = entries[leader] ?? [:]
            _ = runBlock(at: leader, leaders: leaders, state: &state)
        }
        // One that is made nowhere is looked at all the same.
        for (index, nested) in prototype.nested.enumerated() where !enqueued.contains(index) {
            found.append(Job(prototype: nested, upvalues: nested.upvalues.map { _ in nil }))
        }
    }

    /// Where blocks begin: at the first instruction, and wherever a jump or a decision leads.
    private func blockLeaders() -> Set<Int> {
        var leaders: Set<Int> = [0]
        for (position, instruction) in prototype.code.enumerated() {
            let next = instruction.successors(of: position)
            if next != [position + 1] {
                leaders.formUnion(next)
                leaders.insert(position + 1)
            }
        }
        return leaders.filter { prototype.code.indices.contains($0) }
    }

    /// Carries what is known along every way until nothing changes. What is known of a block only ever shrinks, so it ends.
    private mutating func settle(from starts: [Int], leaders: Set<Int>, entries: inout [Int: State]) {
        var waiting = starts
        while let leader = waiting.popLast() {
            var state = entries[leader] ?? [:]
            for next in runBlock(at: leader, leaders: leaders, state: &state) where leaders.contains(next) {
                let merged = entries[next].map { Self.merge($0, state) } ?? state
                if merged != entries[next] {
                    entries[next] = merged
                    waiting.append(next)
                }
            }
        }
    }

    private static func merge(_ left: State, _ right: State) -> State {
        var merged: State = [:]
        for (register, value) in left {
            switch (value, right[register]) {
            case (.path(let path, let origins), .path(let other, let others)) where path == other:
                merged[register] = .path(path, origins: origins.union(others))
            case (.globals(let origins), .globals(let others)):
                merged[register] = .globals(origins: origins.union(others))
            case (_, value): merged[register] = value
            default: break
            }
        }
        return merged
    }

    /// Runs on to the end of the block, and returns where control goes from there.
    private mutating func runBlock(at leader: Int, leaders: Set<Int>, state: inout State) -> [Int] {
        var position = leader
        while true {
            let instruction = prototype.code[position]
            step(instruction, at: position, state: &state)
            let next = instruction.successors(of: position)
            if next != [position + 1] || leaders.contains(position + 1) { return next }
            position += 1
            guard position < prototype.code.count else { return [] }
        }
    }

    // MARK: One instruction

    private mutating func step(_ instruction: Instruction, at position: Int, state: inout State) {
        func register(_ index: Int) -> Value? {
            isShared(index, at: position) ? nil : state[index]
        }
        func upvalue(_ index: Int) -> Value? { upvalues.indices.contains(index) ? upvalues[index] : nil }
        func constant(_ index: Int) -> String? { prototype.text(index) }
        func name(_ value: Value?) -> String? {
            if case .text(let text) = value { text } else { nil }
        }

        var result: Value?
        var object: Value?
        switch instruction.opcode {
        case .move: result = register(instruction.b)
        case .loadConstant: result = constant(instruction.bx).map { .text($0) }
        case .loadConstantExtra:
            guard prototype.code.indices.contains(position + 1) else { break }
            result = constant(prototype.code[position + 1].extra).map { .text($0) }
        case .getUpvalue: result = upvalue(instruction.b)
        case .getTableUpvalue:
            result = read(upvalue(instruction.b), constant(instruction.c), at: position)
        case .getTable:
            result = read(register(instruction.b), name(register(instruction.c)), at: position)
        case .getField:
            result = read(register(instruction.b), constant(instruction.c), at: position)
        case .selfCall:
            let key = instruction.k ? constant(instruction.c) : name(register(instruction.c))
            object = register(instruction.b)
            result = read(object, key, .method, at: position)
        case .setTableUpvalue: write(upvalue(instruction.a), constant(instruction.b), at: position)
        case .setTable: write(register(instruction.a), name(register(instruction.b)), at: position)
        case .setField: write(register(instruction.a), constant(instruction.b), at: position)
        case .setUpvalue:
            if isRecording, case .globals = upvalue(instruction.b) {
                environmentChanges.append(prototype.lines[position])
            }
        case .closure:
            if isRecording { enqueue(instruction.bx, at: position, state: state) }
        default: break
        }
        let written = instruction.written
        if written.count > 2 {
            for register in state.keys where written.contains(register) { state[register] = nil }
        } else {
            for register in written { state[register] = nil }
        }
        if let result { state[instruction.a] = result }
        if let object { state[instruction.a + 1] = object }
    }

    /// The value of a member of `base`.
    private mutating func read(
        _ base: Value?, _ key: String?, _ kind: GlobalAccess.Kind = .read, at position: Int
    ) -> Value? {
        switch base {
        case .globals(let origins):
            if isRecording { followed.formUnion(origins) }
            guard let key else {
                record(.computed, [], at: position)
                return nil
            }
            let origin = record(kind, [key], at: position)
            return key == "_G" ? .globals(origins: origin) : .path([key], origins: origin)
        case .path(let path, let origins):
            if isRecording { followed.formUnion(origins) }
            guard let key else {
                record(.computed, path, at: position)
                return nil
            }
            guard path.count < Self.longestPath else { return nil }
            return .path(path + [key], origins: record(kind, path + [key], at: position))
        case .text, nil: return nil
        }
    }

    private mutating func write(_ base: Value?, _ key: String?, at position: Int) {
        let path: [String]
        switch base {
        case .globals(let origins):
            if isRecording { followed.formUnion(origins) }
            path = []
        case .path(let names, let origins):
            if isRecording { followed.formUnion(origins) }
            path = names
        case .text, nil: return
        }
        guard path.count < Self.longestPath else { return }
        record(key == nil ? .computed : .write, path + (key.map { [$0] } ?? []), at: position)
    }

    /// Notes an access, and returns where it is for those who follow it: no instruction makes two.
    @discardableResult
    private mutating func record(_ kind: GlobalAccess.Kind, _ path: [String], at position: Int) -> Set<Int> {
        let origin = number << 32 | position
        if isRecording {
            let access = GlobalAccess(kind: kind, path: path, line: prototype.lines[position], isFollowed: false)
            accesses.append((origin, access))
        }
        return [origin]
    }

    // MARK: Functions within

    /// Notes that a function within is made here, with what its upvalues hold.
    private mutating func enqueue(_ index: Int, at position: Int, state: State) {
        // Lua makes each in one place; in what is not Lua's, the first counts, and there is no end to the others.
        guard prototype.nested.indices.contains(index), enqueued.insert(index).inserted else { return }
        let nested = prototype.nested[index]
        let values: [Value?] = nested.upvalues.map { captured in
            guard captured.isInStack else {
                return upvalues.indices.contains(captured.index) ? upvalues[captured.index] : nil
            }
            guard let value = state[captured.index],
                let scope = locals.scope(of: captured.index, at: position + 1),
                !isAssigned(captured.index, within: scope, at: position + 1)
            else { return nil }
            return value
        }
        found.append(Job(prototype: nested, upvalues: values))
    }

    /// Whether a local is given another value in its lifetime, here or in a function within.
    private mutating func isAssigned(_ register: Int, within scope: Range<Int>, at position: Int) -> Bool {
        if isShared(register, at: position) { return true }
        let capture = Capture(register: register, start: scope.lowerBound)
        if let known = assigned[capture] { return known }
        let body = prototype.code[scope.clamped(to: prototype.code.indices)]
        let result = body.contains { $0.written.contains(register) }
        assigned[capture] = result
        return result
    }

    private func isShared(_ register: Int, at position: Int) -> Bool {
        unsettled.contains(register) || shared.scope(of: register, at: position) != nil
    }

    private mutating func findSharedRegisters() {
        shared = RegisterScopes()
        unsettled = []
        for (position, instruction) in prototype.code.enumerated() where instruction.opcode == .closure {
            guard prototype.nested.indices.contains(instruction.bx) else { continue }
            let nested = prototype.nested[instruction.bx]
            for index in Self.assignedUpvalues(of: nested) where nested.upvalues[index].isInStack {
                let register = nested.upvalues[index].index
                // A local function that assigns to its own name is a local from the next instruction on.
                if let scope = locals.scope(of: register, at: position + 1) {
                    shared.insert(scope, for: register)
                } else {
                    unsettled.insert(register)
                }
            }
        }
    }

    /// The upvalues that a function, or one within it, assigns to.
    private static func assignedUpvalues(of prototype: FunctionPrototype) -> Set<Int> {
        var assigned = Set(prototype.code.lazy.filter { $0.opcode == .setUpvalue }.map(\.b))
        for nested in prototype.nested {
            for index in assignedUpvalues(of: nested) where !nested.upvalues[index].isInStack {
                assigned.insert(nested.upvalues[index].index)
            }
        }
        return assigned.filter { prototype.upvalues.indices.contains($0) }
    }
}

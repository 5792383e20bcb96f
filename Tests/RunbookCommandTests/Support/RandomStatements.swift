@testable import runbook

/// Statements as people type them, by a grammar; the same for the same seed.
struct RandomStatements {
    private struct Dice: RandomNumberGenerator {
        var state: UInt64

        mutating func next() -> UInt64 {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return state ^ state >> 29
        }
    }

    private var dice: Dice

    init(seed: UInt64) {
        dice = Dice(state: seed &* 0x9E37_79B9_7F4A_7C15 &+ 1)
        _ = dice.next()
    }

    /// A session's statements, and whether each is an expression.
    mutating func session() -> [(source: String, isExpression: Bool)] {
        (0..<Int.random(in: 1...12, using: &dice)).map { _ in
            let isExpression = Bool.random(using: &dice)
            return (isExpression ? typedExpression() : statement(), isExpression)
        }
    }

    /// Statements of which anything is said, be it true or not.
    mutating func anything() -> [SessionStatement] {
        session().map { source, isExpression in
            let answers: [SessionStatement.Answer] = [.nothing, .value, .unreturnable]
            let origins: [SessionStatement.Origin] = [
                .typed, .typed, .loaded(file: "a\n.lua", hasManifest: false),
                .loaded(file: "b.lua", hasManifest: true),
            ]
            let outcomes: [SessionStatement.Outcome] = [.succeeded, .succeeded, .succeeded, .failed, .stopped]
            return SessionStatement(
                source, isExpression: pick([isExpression, isExpression, !isExpression]), outcome: pick(outcomes),
                operations: pick([[], ["users.unlock"], ["no.such"]]), changes: pick([0, 0, 2]), origin: pick(origins),
                answer: pick(answers))
        }
    }

    private mutating func pick<Element>(_ elements: [Element]) -> Element {
        elements[Int.random(in: 0..<elements.count, using: &dice)]
    }

    private mutating func name() -> String { pick(["a", "b", "c", "list"]) }

    private mutating func expression() -> String {
        switch Int.random(in: 0..<9, using: &dice) {
        case 0, 1: String(Int.random(in: 0...9, using: &dice))
        case 2: "_"
        case 3: "\"text\""
        case 4: "(\(name()) or 3) + 1"
        case 5: "{ \(name()), 2 }"
        case 6: "\(name()) == \(name())"
        default: name()
        }
    }

    private mutating func call() -> String {
        switch Int.random(in: 0..<7, using: &dice) {
        case 0: "f(\(expression()))"
        case 1: "(f or tostring)(\(expression()))"
        case 2: "g()"
        case 3: "select(\"#\", \(expression()))"
        case 4: "(function(...) print(...) return ... end)(\(expression()))"
        default: "print(\(expression()))"
        }
    }

    private mutating func typedExpression() -> String {
        let expression =
            switch Int.random(in: 0..<6, using: &dice) {
            case 0: "\(expression()), \(expression())"
            case 1: "print"
            case 2: expression()
            case 3: "_.x"
            default: call()
            }
        return expression + pick(["", "", " -- look", "\n", ";"])
    }

    private mutating func statement() -> String {
        let statement =
            switch Int.random(in: 0..<17, using: &dice) {
            case 0, 1, 2: "\(name()) = \(expression())"
            case 3: "local x = \(expression())\n\(name()) = x"
            case 4: "local function x() return \(expression()) end \(name()) = x()"
            case 5: "if \(expression()) then print(\(expression())) else \(name()) = \(expression()) end"
            case 6: "if \(expression()) then return end\n\(name()) = \(expression())"
            case 7: "return \(expression())"
            case 8: "return ..., \(expression())"
            case 9: "for i = 1, 2 do\n  print(i, \(expression()))\nend"
            case 10: "for _, x in ipairs({ 1, 2 }) do print(x, \(name())) end"
            case 11: "function f(x) return x + \(expression()) end"
            case 12: "function g() return _ end"
            case 13: "\(name()) = \(expression()) error(\"no\")"
            case 14: "goto skip\nprint(1)\n::skip::"
            case 15: "local x <const> = [[\n  one\ntwo ]] \(name()) = x"
            default: "_ = \(expression())"
            }
        return pick(["", "", "\n  "]) + statement + pick(["", "", ";", " -- so", " "])
    }
}

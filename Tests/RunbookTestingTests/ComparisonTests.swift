import Operations
import Testing

@testable import RunbookTesting

@Suite("Comparing values")
struct ComparisonTests {
    @Test(
        "what counts as equal",
        arguments: [
            (9_007_199_254_740_993, 9_007_199_254_740_993), (0.5, 0.5),
            ([:], []), ([], [:]), (["a": nil], [:]), (3, 3.0), (["a": [1, ["b": "c"]]], ["a": [1, ["b": "c"]]]),
            (.secret(SecretValue("hunter2")), .secret(SecretValue("hunter2"))),
            ("‹secret›", .secret(SecretValue("hunter2"))), ("hunter2", .secret(SecretValue("hunter2"))),
        ] as [(JSONValue, JSONValue)])
    func equal(expected: JSONValue, found: JSONValue) {
        #expect(Comparison.difference(expected, found, "it", .full) == nil)
    }

    @Test(
        "the first difference has its path",
        arguments: [
            (["a": ["b": [1, 2]]], ["a": ["b": [1, 3]]], "it.a.b[2]", "2", "3"),
            (["a b": 1], ["a b": 2], "it[\"a b\"]", "1", "2"), ([1], [1, 2], "it[2]", "nothing", "2"),
            ([1, 2], [1], "it[2]", "2", "nothing"), (["a": 1], ["a": 1, "b": 2], "it.b", "nothing", "2"),
            ("1", 1, "it", "\"1\"", "1"),
            (9_007_199_254_740_993, 9_007_199_254_740_992, "it", "9007199254740993", "9007199254740992"),
            (.secret(SecretValue("hunter3")), .secret(SecretValue("hunter2")), "it", "\"‹secret›\"", "\"‹secret›\""),
            ("hunter3", .secret(SecretValue("hunter2")), "it", "\"hunter3\"", "\"‹secret›\""),
        ] as [(JSONValue, JSONValue, String, String, String)])
    func different(expected: JSONValue, found: JSONValue, path: String, wanted: String, was: String) {
        let difference = Comparison.difference(expected, found, "it", .full)
        #expect(difference == Difference(path, expected: wanted, found: was))
    }

    @Test func aPartIsEnoughWhereThatIsMeant() {
        let found: JSONValue = ["a": ["b": 1, "c": [1, 2]], "d": 3]
        #expect(Comparison.difference(["a": ["b": 1]], found, "it", .partial) == nil)
        #expect(Comparison.difference([:], found, "it", .partial) == nil)
        #expect(Comparison.difference(["a": ["c": [1]]], found, "it", .partial)?.what == "it.a.c[2]")
        #expect(Comparison.difference(["a": []], found, "it", .partial)?.what == "it.a.b")
        #expect(Comparison.difference(["a": [:]], found, "it", .partial)?.what == "it.a.b")
        #expect(Comparison.difference(["a": ["b": nil]], found, "it", .partial)?.what == "it.a.b")
    }

    @Test func argumentsAtTheEndMayBeLeftOut() {
        let change = SentChange(operation: "users.unlock", arguments: [7])
        #expect(CallPattern(operation: "users.unlock", arguments: []).matches(change))
        #expect(CallPattern(operation: "users.unlock", arguments: [7]).matches(change))
        #expect(!CallPattern(operation: "users.unlock", arguments: [7, 8]).matches(change))
        #expect(!CallPattern(operation: "users.delete", arguments: [7]).matches(change))
    }

    @Test func eachChangeHasAPatternOfItsOwn() {
        let patterns = [[:], ["a": 1], ["b": 2]].map { CallPattern(operation: "it", arguments: [$0]) }
        let changes = [["a": 1, "b": 2], ["b": 2, "a": 2], ["a": 1]].map {
            SentChange(operation: "it", arguments: [$0])
        }
        for order in [[0, 1, 2], [2, 1, 0], [1, 2, 0], [0, 2, 1], [1, 0, 2], [2, 0, 1]] {
            let pairs = CaseRunner.pairs(order.map { patterns[$0] }, changes)
            #expect(Set(pairs.keys) == [0, 1, 2] && Set(pairs.values) == [0, 1, 2], "\(order): \(pairs)")
            #expect(pairs.allSatisfy { patterns[order[$0.value]].matches(changes[$0.key]) })
        }
        let two = CaseRunner.pairs([patterns[1], patterns[1]], Array(changes.prefix(2)))
        #expect(two == [0: 0])
    }

    @Test func placesToKillAtAreSpreadFromTheFirstToTheLast() {
        #expect(CaseRunner.cuts(2) == [.before(1), .after(1), .before(2), .after(2)])
        let cuts = CaseRunner.cuts(100)
        #expect(cuts.count == 20 && Set(cuts).count == 20)
        #expect(cuts.first == .before(1) && cuts.last == .after(100))
    }
}

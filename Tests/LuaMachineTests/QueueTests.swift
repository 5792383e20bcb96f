import Testing

@testable import LuaMachine

@Suite struct QueueTests {
    @Test func whatComesFirstGoesFirst() {
        var queue = Queue<Int>(), expected: [Int] = [], taken: [Int] = []
        for round in 0..<50 {
            for number in 0..<(round * 37 % 400) {
                queue.append(round * 1_000 + number)
                expected.append(round * 1_000 + number)
            }
            #expect(queue.contains { $0 == expected.last } || expected.count == taken.count)
            for _ in 0..<(round * 53 % 300) { if let element = queue.popFirst() { taken.append(element) } }
            #expect(queue.isEmpty == (taken.count == expected.count))
            #expect(queue.first == (queue.isEmpty ? nil : expected[taken.count]))
            #expect(!queue.contains { element in taken.last == element })
        }
        while let element = queue.popFirst() { taken.append(element) }
        #expect(taken == expected)
    }

    @Test func whatIsTakenIsLetGoOf() {
        final class Object {}
        var queue = Queue<Object>()
        for _ in 0..<3 { queue.append(Object()) }
        weak let first = queue.first
        #expect(first != nil)
        _ = queue.popFirst()
        #expect(first == nil)
        queue.removeAll()
        #expect(queue.isEmpty)
    }
}

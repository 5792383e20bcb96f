/// First in, first out, each step in constant time on average.
struct Queue<Element> {
    private var elements: [Element?] = []
    private var start = 0

    var isEmpty: Bool { start == elements.count }

    var first: Element? { isEmpty ? nil : elements[start] }

    mutating func append(_ element: Element) { elements.append(element) }

    /// What is taken is let go of at once.
    mutating func popFirst() -> Element? {
        guard !isEmpty else { return nil }
        let element = elements[start].take()
        start += 1
        if isEmpty {
            elements.removeAll(keepingCapacity: elements.count < Self.kept)
            start = 0
        } else if start > Self.kept, start > elements.count / 2 {
            elements.removeFirst(start)
            start = 0
        }
        return element
    }

    func contains(where isSuch: (Element) -> Bool) -> Bool {
        elements[start...].contains { $0.map(isSuch) ?? false }
    }

    mutating func removeAll() { self = Queue() }

    /// As many places are kept for later.
    private static var kept: Int { 1_024 }
}

extension Queue: Sendable where Element: Sendable {}

/// So many at once, and the others in the order in which they came.
actor Seats {
    private var free: Int
    private var waiting: [CheckedContinuation<Void, Never>] = []

    init(_ count: Int) { free = count }

    /// Waits for a seat, and gives it up again.
    nonisolated func take<Result: Sendable>(_ body: () async throws -> Result) async rethrows -> Result {
        await sit()
        do {
            let result = try await body()
            await rise()
            return result
        } catch {
            await rise()
            throw error
        }
    }

    private func sit() async {
        guard free == 0 else {
            free -= 1
            return
        }
        await withCheckedContinuation { waiting.append($0) }
    }

    private func rise() {
        if waiting.isEmpty { free += 1 } else { waiting.removeFirst().resume() }
    }
}

import Dispatch
import Synchronization

/// An answer that is waited for no longer than a person notices.
final class QuickAnswer<Value: Sendable>: Sendable {
    private let value = Mutex<Value?>(nil)
    private let isThere = DispatchSemaphore(value: 0)

    private init() {}

    /// Does some work and gives what it answers, or `nil` if that takes too long.
    ///
    /// - Parameter milliseconds: how long. Default: 150.
    static func wait(
        milliseconds: Int = 150, for work: @escaping @Sendable () async -> Value?
    ) -> Value? {
        let answer = QuickAnswer()
        let task = Task.detached {
            let found = await work()
            answer.value.withLock { $0 = found }
            answer.isThere.signal()
        }
        if answer.isThere.wait(timeout: .now() + .milliseconds(milliseconds)) == .timedOut { task.cancel() }
        return answer.value.withLock { $0 }
    }
}

internal import Synchronization

/// Ends a slot's run before its time.
public final class SlotCancellation: Sendable {
    private struct State {
        var isCancelled = false
        var action: (@Sendable () -> Void)?
    }

    private let state = Mutex(State())

    /// Nothing is cancelled yet.
    public init() {}

    /// Whether the run is to end.
    public var isCancelled: Bool { state.withLock { $0.isCancelled } }

    /// Sets what ends the run; it is called at once if that was asked for already.
    public func onCancel(_ action: @escaping @Sendable () -> Void) {
        let isCancelled = state.withLock { state in
            state.action = action
            return state.isCancelled
        }
        if isCancelled { action() }
    }

    /// Ends the run; more than once does no more.
    public func cancel() {
        let action = state.withLock { state in
            defer { state.isCancelled = true }
            return state.isCancelled ? nil : state.action
        }
        action?()
    }
}

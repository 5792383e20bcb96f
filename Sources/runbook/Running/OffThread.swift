import LuaMachine

/// Does what blocks on a thread of its own, so that the few threads that all tasks share are there for others.
///
/// It is meant for what is rare and may take minutes, such as a password manager: each call starts a thread.
enum OffThread {
    /// Does some work and waits for it.
    ///
    /// The parts of `work` that are isolated to an actor are done where that wants them.
    static func run<Value: Sendable>(_ work: @escaping @Sendable () async -> Value) async -> Value {
        let thread = AlarmThread()
        return await Task(executorPreference: thread) { await work() }.value
    }
}

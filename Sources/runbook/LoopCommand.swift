import ArgumentParser
import SharedLoop

/// A subcommand that waits for others: workers, servers, a person.
///
/// It runs on the main thread, which is the event loop's meanwhile. As an `AsyncParsableCommand` it would run on a thread
/// of the concurrency pool, which has to be started first and brings two more.
protocol LoopCommand: ParsableCommand, Sendable {
    func run(on loop: SharedLoop) async throws
}

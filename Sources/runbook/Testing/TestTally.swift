import CommandSupport
import RunbookTesting
import Synchronization

/// Takes in the results of tests as they come, and writes them.
final class TestTally: Sendable {
    private struct State {
        var report = TAPReport()
        var results: [TestResult] = []
        /// The file that is told of.
        var current = 0
        /// What has happened in others.
        var waiting: [Int: [TestEvent]] = [:]
        var ended: Set<Int> = []

        mutating func lines(of event: TestEvent) -> String {
            switch event {
            case .note(let text): return TAPReport.comment(text)
            case .result(let result):
                results.append(result)
                return report.lines(of: result)
            }
        }
    }

    private let writesTAP: Bool
    private let began = ContinuousClock.now
    private let state = Mutex(State())

    /// - Parameter writesTAP: whether they are written to stdout at once.
    init(writesTAP: Bool) { self.writesTAP = writesTAP }

    /// All results so far.
    var results: [TestResult] { state.withLock(\.results) }
    /// How many tests there were.
    var count: Int { results.count }
    /// How many failed.
    var failures: Int { results.count { $0.status == .failed } }

    /// Tests are about to be run.
    func begin() { write(TAPReport.head) }

    /// Takes in what has happened in the file of this number, from 0. Files that are run beside one another are told of one
    /// after the other.
    func take(_ event: TestEvent, of file: Int = 0) {
        state.withLock { state in
            guard file == state.current else { return state.waiting[file, default: []].append(event) }
            write(state.lines(of: event))
        }
    }

    /// The tests of a file have ended.
    func end(_ file: Int) {
        state.withLock { state in
            state.ended.insert(file)
            while state.ended.remove(state.current) != nil {
                state.current += 1
                for event in state.waiting.removeValue(forKey: state.current) ?? [] { write(state.lines(of: event)) }
            }
        }
    }

    /// All tests have ended.
    ///
    /// - Parameter reason: why they are not what was asked for, if so.
    func end(refused reason: String?) { write(state.withLock { $0.report.end(refused: reason) }) }

    /// What became of them, one line for a person.
    var summary: String {
        let results = results
        let skipped = results.count { $0.status.isSkipped }
        let failed = failures
        let parts = [
            failed > 0 ? "\(failed) failed" : "", "\(results.count - failed - skipped) passed",
            skipped > 0 ? "\(skipped) left out" : "",
        ].filter { !$0.isEmpty }
        let milliseconds = (ContinuousClock.now - began) / .milliseconds(1)
        let files = Set(results.map(\.file)).count
        return "\(results.count == 1 ? "1 test" : "\(results.count) tests") in "
            + "\(files == 1 ? "1 file" : "\(files) files"): \(parts.joined(separator: ", ")) (\(Int(milliseconds)) ms)"
    }

    private func write(_ text: String) {
        if writesTAP { StandardStream.output.write(text) }
    }
}

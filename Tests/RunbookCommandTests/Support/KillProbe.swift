@testable import runbook

/// Ends the program, or its worker, at a moment of the test's choice: `kill-probe` is loaded into the program that people
/// use, which knows nothing of it.
struct KillProbe: Sendable, Hashable, CustomStringConvertible {
    /// A moment that a life may end at.
    enum Moment: String, Sendable, CaseIterable {
        /// Before anything of the store's nth commit is written.
        case commit
        /// When it is made, and before the program hears of it.
        case committed
        /// Before the nth request to the console is sent.
        case request
        /// When an answer has arrived, and before the program hears of it.
        case answer
    }

    /// What happens then.
    enum Action: String, Sendable {
        /// The program is killed.
        case kill
        /// Its worker is.
        case worker
        /// The program is stopped as with Ctrl-Z, and goes on when it is told to.
        case stop
    }

    let action: Action
    let moment: Moment
    /// Which one of its kind, from 1.
    let number: Int

    init(_ action: Action, _ moment: Moment, _ number: Int) {
        self.action = action
        self.moment = moment
        self.number = number
    }

    var description: String { "\(action.rawValue)@\(moment.rawValue):\(number)" }

    /// What loads it into a program.
    static let loading = ["LD_PRELOAD": ConfigurationSources(environment: [:]).programDirectory + "/kill-probe"]

    /// The moments that a life has passed, from the lines that it wrote.
    static func moments(in log: String) -> [(moment: Moment, number: Int)] {
        log.split(separator: "\n").compactMap { line in
            let words = line.split(separator: " ")
            guard words.count == 2, let moment = Moment(rawValue: String(words[0])), let number = Int(words[1]) else {
                return nil
            }
            return (moment, number)
        }
    }
}

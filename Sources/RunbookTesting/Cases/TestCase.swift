internal import ConsoleModel
internal import Operations
internal import RunbookHost

/// One case of a test file: a world, what is run in it, and what is expected.
struct TestCase: Sendable {
    /// What a run is expected to come to.
    struct Expectation: Sendable {
        var status = RunStatus.succeeded
        /// A part of the error's message.
        var error: String?
        /// The changes; `nil` if they are not looked at.
        var changes: [CallPattern]?
        /// Whether the order of the changes does not matter.
        var isUnordered = false
        /// The result; `nil` if it is not looked at.
        var result: JSONValue?
        /// A part of the result.
        var partOfResult: JSONValue?
        /// Parts of log lines.
        var log: [String] = []
        /// A part of the world afterwards.
        var after: JSONValue?
    }

    /// One of the checks that are made of every case by themselves.
    enum Extra: Sendable {
        /// It is made.
        case made
        /// It is left out, for this reason.
        case leftOut(String)
    }

    /// The operations that there are.
    let operations: Catalogue
    let name: String
    /// `file:line`.
    let location: String
    var simulation: Simulation
    var services: Set<Service> = [.console, .xpanse]
    var parameters: [String: ParameterInput] = [:]
    /// The answer to every question; `nil` if none may be asked.
    var confirmation: Bool?
    /// When the run begins, milliseconds since 1970.
    var now: Int64 = 1_767_225_600_000
    var refusals: [Refusal] = []
    var expectation = Expectation()
    var plan = Extra.made
    var kill = Extra.made
    var again = Extra.made
    /// What a second run is expected to come to.
    var expectationAgain = Expectation(changes: [])
}

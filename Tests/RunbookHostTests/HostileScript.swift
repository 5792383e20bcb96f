import Foundation
import Operations
import RunbookHost
import Testing

/// A runbook of the hostile corpus, with the outcome that its first line promises.
///
///     -- expect: stopped time ; confined only ; limits time=500ms memory=8MB
///
/// The outcome is one of
/// - `stopped <limit>`: the limit ended it,
/// - `denied <text>`: stopped because it may not do what it tried, and the message holds the text,
/// - `failed <text>`: it raised an error whose message holds the text,
/// - `succeeded <JSON>`: it returned exactly that.
///
/// The options, each after ` ; `:
/// - `confined only`: no machine in this process can hold it,
/// - `limits <name>=<value> …`: the operator's limits,
/// - `line <number>`: where it must have ended; else any line of the script will do,
/// - `at <place>`: where it must have ended, if that is not in the file,
/// - `nowhere`: it ends at no place of the script,
/// - `anywhere`: it may end between two places of the script,
/// - `sends <operation>=<count> …`: what must have been sent, `<operation><=<count>` for at most so often, `*` for any
///   number; nothing else may have been.
struct HostileScript: Sendable, CustomTestStringConvertible {
    enum Expectation: Sendable {
        case stopped(limit: String)
        case denied(message: String)
        case failed(message: String)
        case succeeded(JSONValue)

        var status: RunStatus {
            switch self {
            case .stopped, .denied: .stopped
            case .failed: .failed
            case .succeeded: .succeeded
            }
        }

        var isLimit: Bool {
            if case .stopped = self { return true }
            return false
        }
    }

    /// A first line that cannot be read.
    struct Fault: Error, CustomStringConvertible {
        let description: String
    }

    let name: String
    let source: String
    let expectation: Expectation
    private(set) var isConfinedOnly = false
    private(set) var isNowhere = false
    private(set) var isAnywhere = false
    private(set) var line: Int?
    private(set) var place: String?
    /// What must be sent how often.
    private(set) var sends: [String: ClosedRange<Int>] = [:]
    private(set) var limits: RunLimits

    var testDescription: String { name }
    var runbook: Runbook { Runbook(name: name, source: source) }
    /// The kinds of machine that can hold it.
    var kinds: [MachineKind] { isConfinedOnly ? [.confined] : MachineKind.allCases }

    init(name: String, source: String) throws(Fault) {
        self.name = name
        self.source = source
        let lines = source.split(separator: "\n", maxSplits: 2, omittingEmptySubsequences: false)
        let prefix = "-- expect: "
        guard lines.count > 2, lines[0].hasPrefix(prefix) else {
            throw Fault(description: "\(name): the first line must be: \(prefix)<outcome>")
        }
        guard lines[1].hasPrefix("-- "), lines[1].hasSuffix("."), lines[1].count > 20 else {
            throw Fault(description: "\(name): the second line must say in a sentence what the attack is")
        }
        let parts = lines[0].dropFirst(prefix.count).components(separatedBy: " ; ")
        expectation = try Self.expectation(parts[0], name)
        limits = RunLimits(time: .seconds(120), memory: 16 << 20)
        // Enough for what must merely be ended; what must get somewhere first says so.
        if case .stopped("time") = expectation { limits.time = .milliseconds(300) }
        for option in parts.dropFirst() { try read(option) }
    }

    private static func expectation(_ text: String, _ name: String) throws(Fault) -> Expectation {
        let words = text.split(separator: " ", maxSplits: 1)
        let rest = words.count > 1 ? String(words[1]) : ""
        guard !rest.isEmpty else { throw Fault(description: "\(name): what is to be expected? \(text)") }
        switch words[0] {
        case "stopped": return .stopped(limit: rest)
        case "denied": return .denied(message: rest)
        case "failed": return .failed(message: rest)
        case "succeeded":
            guard let value = try? JSONValue(parsing: Array(rest.utf8)) else {
                throw Fault(description: "\(name): this is not JSON: \(rest)")
            }
            return .succeeded(value)
        default: throw Fault(description: "\(name): there is no outcome '\(words[0])'")
        }
    }

    private mutating func read(_ option: String) throws(Fault) {
        let words = option.split(separator: " ").map(String.init)
        switch words.first {
        case "confined" where words == ["confined", "only"]: isConfinedOnly = true
        case "nowhere" where words.count == 1: isNowhere = true
        case "anywhere" where words.count == 1: isAnywhere = true
        case "line" where words.count == 2 && Int(words[1]) != nil: line = Int(words[1])
        case "at" where words.count > 1: place = String(option.dropFirst(3))
        case "limits" where words.count > 1:
            for (limit, value) in try pairs(words) { try set(limit, value) }
        case "sends" where words.count > 1:
            for (operation, count) in try pairs(words) {
                if operation.hasSuffix("<"), let most = Int(count) {
                    sends[String(operation.dropLast())] = 0...most
                } else if let exactly = Int(count) {
                    sends[operation] = exactly...exactly
                } else if count == "*" {
                    sends[operation] = 0...Int.max
                } else {
                    throw Fault(description: "\(name): '\(count)' is no number of calls")
                }
            }
        default: throw Fault(description: "\(name): there is no option '\(option)'")
        }
    }

    private func pairs(_ words: [String]) throws(Fault) -> [(String, String)] {
        var pairs: [(String, String)] = []
        for word in words.dropFirst() {
            let sides = word.split(separator: "=").map(String.init)
            guard sides.count == 2 else { throw Fault(description: "\(name): '\(word)' is not name=value") }
            pairs.append((sides[0], sides[1]))
        }
        return pairs
    }

    private mutating func set(_ limit: String, _ value: String) throws(Fault) {
        let time = Duration(quantity: value), bytes = Int(byteQuantity: value)
        switch (limit, time, bytes) {
        case ("time", let time?, _): limits.time = time
        case ("memory", _, let bytes?): limits.memory = bytes
        case ("log", _, let bytes?): limits.log = bytes
        case ("result", _, let bytes?): limits.result = bytes
        case ("source", _, let bytes?): limits.source = bytes
        case ("tasks", _, let count?): limits.tasks = count
        case ("calls", _, let count?): limits.calls = count
        case ("changes", _, let count?): limits.changes = count
        default: throw Fault(description: "\(name): there is no limit \(limit)=\(value)")
        }
    }

    // MARK: The corpus

    /// Each file of the corpus, by name; one that cannot be read is a fault in its place.
    static let corpus: [Result<HostileScript, Fault>] = {
        let folder = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "../Lua/hostile").standardized
        let names = (try? FileManager.default.contentsOfDirectory(atPath: folder.path)) ?? []
        return names.filter { $0.hasSuffix(".lua") }.sorted().map { name in
            Result { () throws(Fault) in
                guard let text = try? String(contentsOf: folder.appending(path: name), encoding: .utf8) else {
                    throw Fault(description: "\(name): cannot be read as UTF-8")
                }
                return try HostileScript(name: name, source: text)
            }
        }
    }()

    /// The scripts that can be read; a test of its own fails for the others.
    static let all = corpus.compactMap { try? $0.get() }
}

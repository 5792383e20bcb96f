import Operations
import RunbookTesting

/// The results of tests in the Test Anything Protocol, version 14: a line for each test as soon as it has ended, and what
/// differs below it.
struct TAPReport {
    /// Comes first.
    static let head = "TAP version 14\n"

    private var count = 0

    /// The lines of a test.
    mutating func lines(of result: TestResult) -> String {
        count += 1
        let name = Self.name(result.name)
        switch result.status {
        case .passed: return "ok \(count) - \(name)\n"
        case .skipped(let reason): return "ok \(count) - \(name) # SKIP \(reason.shown)\n"
        case .failed: return "not ok \(count) - \(name)\n\(Self.diagnostics(of: result))"
        }
    }

    /// What a test file has printed, or which one comes next.
    static func comment(_ text: String) -> String {
        text.split(separator: "\n", omittingEmptySubsequences: false).map { "# \(String($0).shown)\n" }.joined()
    }

    /// Comes last.
    ///
    /// - Parameter reason: why the tests are not what was asked for, if so.
    func end(refused reason: String?) -> String {
        guard let reason else { return "1..\(count)\n" }
        return "Bail out! \(reason.shown)\n"
    }

    /// A number sign would begin a directive.
    private static func name(_ text: String) -> String {
        var name = ""
        for character in text.shown {
            if character == "#" || character == "\\" { name.append("\\") }
            name.append(character)
        }
        return name
    }

    private static func diagnostics(of result: TestResult) -> String {
        var lines = ["  ---", "  at: \(quoted(result.location))"]
        if !result.message.isEmpty { lines.append("  message: \(quoted(result.message))") }
        if !result.differences.isEmpty { lines.append("  differences:") }
        for difference in result.differences {
            lines.append("    - what: \(quoted(difference.what))")
            lines.append("      expected: \(quoted(difference.expected))")
            lines.append("      found: \(quoted(difference.found))")
        }
        for (title, texts) in [("changes", result.changes), ("log", result.log)] where !texts.isEmpty {
            lines.append("  \(title):")
            lines += texts.prefix(mostLines).map { "    - \(quoted($0))" }
            if texts.count > mostLines { lines.append("    - \(quoted("… and \(texts.count - mostLines) more"))") }
        }
        lines.append("  ...")
        return lines.joined(separator: "\n") + "\n"
    }

    private static let mostLines = 20

    /// As a YAML string in double quotes, which are JSON's too but for two characters that YAML does not know.
    private static func quoted(_ text: String) -> String {
        var known = ""
        for scalar in text.shown.unicodeScalars {
            known.unicodeScalars.append([0xfffe, 0xffff].contains(scalar.value) ? "\u{fffd}" : scalar)
        }
        return JSONValue.string(known).text
    }
}

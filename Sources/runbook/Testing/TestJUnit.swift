import RunbookTesting

/// The results of tests as JUnit XML, as Jenkins and GitLab read it: a suite for each test file.
struct TestJUnit {
    let results: [TestResult]

    var text: String {
        let files = results.reduce(into: [String]()) { files, result in
            if files.last != result.file { files.append(result.file) }
        }
        let suites = files.map { file in suite(file, results.filter { $0.file == file }) }
        return """
            <?xml version="1.0" encoding="UTF-8"?>
            <testsuites name="runbook test" \(Self.totals(results))>
            \(suites.joined())</testsuites>

            """
    }

    private func suite(_ file: String, _ results: [TestResult]) -> String {
        // The whole path: files in two folders may have one name.
        let name = Markup.escaped(file.hasSuffix(".lua") ? String(file.dropLast(4)) : file)
        return "  <testsuite name=\"\(name)\" \(Self.totals(results)) file=\"\(Markup.escaped(file))\">\n"
            + results.map { testCase($0, name) }.joined() + "  </testsuite>\n"
    }

    private func testCase(_ result: TestResult, _ group: String) -> String {
        let head =
            "    <testcase classname=\"\(group)\" name=\"\(Markup.escaped(result.name))\" "
            + "time=\"\(Self.seconds(result.duration))\""
        switch result.status {
        case .passed: return head + "/>\n"
        case .skipped(let reason):
            return head + ">\n      <skipped message=\"\(Markup.escaped(reason))\"/>\n    </testcase>\n"
        case .failed:
            let first = result.differences.first?.description ?? ""
            let message = Markup.escaped(result.message.isEmpty ? first : result.message)
            let lines = Markup.lines(
                ["at \(result.location)"] + (result.message.isEmpty ? [] : [result.message])
                    + result.differences.map(\.description)
                    + result.changes.map { "changed: \($0)" } + result.log.map { "logged: \($0)" })
            return head
                + ">\n      <failure message=\"\(message)\" type=\"failed\">\(lines)</failure>\n    </testcase>\n"
        }
    }

    private static func totals(_ results: [TestResult]) -> String {
        let skipped = results.count { $0.status.isSkipped }
        let time = seconds(results.reduce(.zero) { $0 + $1.duration })
        return "tests=\"\(results.count)\" failures=\"\(results.count { $0.status == .failed })\" errors=\"0\" "
            + "skipped=\"\(skipped)\" time=\"\(time)\""
    }

    private static func seconds(_ duration: Duration) -> String {
        let (seconds, attoseconds) = duration.components
        return Wording.offset(seconds * 1_000 + attoseconds / 1_000_000_000_000_000)
    }
}

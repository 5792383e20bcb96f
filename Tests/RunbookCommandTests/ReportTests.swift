import FoundationEssentials
import Operations
import RunbookHost
import Testing

@testable import runbook

/// How a run is reported, in each form.
@Suite("Reports of a run")
struct ReportTests {
    private func report(
        _ sketch: JournalSketch, _ format: ReportFormat, isAlive: Bool? = false
    ) async throws -> String {
        try await ReportCommand.text(of: try await sketch.history(isAlive: isAlive), format, ScreenStyle())
    }

    /// A run in which every text that a stranger can choose does its worst.
    private static let hostile =
        "</script><img src=x onerror=alert(1)>\"'`|*_[a](http://evil)@ada\u{1b}[31m\u{202e}\r\n# x &"

    private var hostileRun: JournalSketch {
        let bad = Self.hostile, text = JSONValue.string(bad)
        var run = JournalSketch(runbook: "runbooks/\(bad).lua")
        run.record.title = bad
        run.record.parameters = [bad: text]
        run.record.target = ["name": text]
        run.record.actor = bad
        let call = run.intent("users.update", ["id": text], effect: .idempotent, at: 1)
        run.change(
            call, ["type": text, "id": text, "name": text], bad, [["field": text, "before": text, "after": [text]]],
            at: 1)
        run.failure(call, bad, bad, at: 3)
        let other = run.intent(bad, ["id": text], at: 4)
        run.failure(other, bad, bad, at: 5)
        run.log("warn", bad, [bad: text], at: 6)
        run.log(bad, bad, ["skipped": text, bad: text], at: 7)
        run.decision(9, "sent", actor: bad, at: 8)
        run.end(
            .failed, at: 9, result: text,
            error: ["kind": text, "message": text, "where": text, "traceback": [text, text]])
        return run
    }

    @Test("as text") func text() async throws {
        try Golden.check(try await report(SampleRuns.mixed, .text), "report.txt")
    }

    @Test("as Markdown") func markdown() async throws {
        try Golden.check(try await report(SampleRuns.mixed, .markdown), "report.md")
    }

    @Test("as HTML") func html() async throws {
        try Golden.check(try await report(SampleRuns.mixed, .html), "report.html")
    }

    @Test("as JUnit XML") func junit() async throws {
        try Golden.check(try await report(SampleRuns.mixed, .junit), "report.xml")
    }

    @Test("as JSON, one document") func json() async throws {
        let text = try await report(SampleRuns.mixed, .json)
        #expect(text.hasSuffix("}\n") && text.utf8.count { $0 == UInt8(ascii: "\n") } == 1)
        try Golden.check(try JSONValue(parsing: text).prettyText + "\n", "report.json")
    }

    // MARK: HTML

    @Test("the HTML needs nothing from outside and names its own script and style by their hashes")
    func selfContained() async throws {
        let text = try await report(SampleRuns.large(calls: 300), .html)
        let check = MarkupCheck(text)
        #expect(check.fault == nil)
        let foreign = check.attributes.filter { ["src", "href", "style", "srcset", "data"].contains($0.name) }
            .filter { !$0.value.hasPrefix("#") }
        #expect(foreign.isEmpty)
        #expect(!check.attributes.contains { $0.name.hasPrefix("on") })
        #expect(check.elements.count { $0 == "script" } == 1 && check.elements.count { $0 == "style" } == 1)
        #expect(!HTMLReport.style.contains("url(") && !HTMLReport.style.contains("@import"))
        let policy = try #require(check.attributes.first { $0.value.hasPrefix("default-src 'none'") }).value
        for (source, hash) in [(HTMLReport.style, HTMLReport.styleHash), (HTMLReport.script, HTMLReport.scriptHash)] {
            let bytes = try #require(Hexadecimal.bytes(Runbook(name: "", source: source).sha256))
            #expect(hash == "sha256-" + Data(bytes).base64EncodedString(), "the hash must be that of the source")
            #expect(policy.contains("'\(hash)'") && text.contains(">\(source)</"))
        }
    }

    @Test("every change has a row, and a bar that its number leads to")
    func rows() async throws {
        let run = SampleRuns.large(calls: 300)
        let review = try await run.review()
        let check = MarkupCheck(try await report(run, .html))
        let ids = Set(check.attributes.filter { $0.name == "id" }.map(\.value))
        #expect(review.changes.count > 100)
        for change in review.changes {
            #expect(ids.contains("c\(change.number)") && ids.contains("t\(change.number)"))
        }
        #expect(check.attributes.count { $0.name == "id" } == ids.count, "no id is there twice")
    }

    @Test("nothing that a stranger wrote means anything in HTML or XML")
    func hostileMarkup() async throws {
        for format in [ReportFormat.html, .junit] {
            let text = try await report(hostileRun, format)
            #expect(MarkupCheck(text).fault == nil, "\(format)")
            #expect(!text.contains("<img") && !text.contains("\u{1b}") && !text.contains("\u{202e}"))
            #expect(text.contains("&lt;/script&gt;&lt;img src=x onerror=alert(1)&gt;&quot;&#39;"))
        }
    }

    @Test("nothing that a stranger wrote means anything in Markdown")
    func hostileMarkdown() async throws {
        let text = try await report(hostileRun, .markdown)
        for line in text.split(separator: "\n") {
            #expect(!line.hasPrefix("# x") && !line.contains("\u{1b}") && !line.contains("\u{202e}"))
        }
        #expect(
            MarkdownReport.escaped("<b>*a*_|[x](http://y) www.z @ada #1")
                == "&lt;b&gt;\\*a\\*\\_\\|\\[x\\](http&#58;//y) www&#46;z &#64;ada \\#1")
        #expect(MarkdownReport.escaped("- a-b") == "\\- a-b" && MarkdownReport.escaped("12. x.y") == "12\\. x.y")
        #expect(MarkdownReport.code("a`b``c|d") == "```a`b``c\\|d```")
        #expect(MarkdownReport.code("`") == "`` ` ``")
    }

    @Test("nothing that a stranger wrote does anything to a terminal")
    func hostileText() async throws {
        let text = try await report(hostileRun, .text)
        let review = try await hostileRun.review()
        let page = RunPage(review: review, undo: review.undo(), style: ScreenStyle())
        var all =
            text + page.head + page.changeList + page.advice
            + RunsTable(runs: [(hostileRun.record, .over)]).text(ScreenStyle())
        for try await entry in try await hostileRun.history().entries { all += page.line(of: entry) }
        let controls = all.unicodeScalars.filter {
            ($0.value < 0x20 && $0 != "\n") || $0.value == 0x202e || $0.value == 0x7f
        }
        #expect(controls.isEmpty)
        #expect(!all.split(separator: "\n").contains { $0.hasPrefix("# x") })
    }

    // MARK: The timeline

    @Test("a run too long for a bar each is drawn with as many as a browser bears, and all that failed")
    func crowded() async throws {
        let run = SampleRuns.large(calls: 12_000)
        var timeline = Timeline()
        for try await entry in try await run.history().entries { timeline.add(entry) }
        let (bars, lanes) = timeline.bars()
        #expect(bars.count <= Timeline.mostBars)
        #expect(bars.reduce(0) { $0 + $1.count } == 12_000)
        #expect(lanes == 17)
        let failed = try await run.review().count(.failed)
        #expect(failed > 20)
        #expect(bars.count { $0.look == .failed && $0.count == 1 } == failed)
    }

    @Test("tasks that live one after the other share a lane, and no two bars of a lane are over each other")
    func lanes() async throws {
        var timeline = Timeline()
        for try await entry in try await SampleRuns.large(calls: 2_000).history().entries { timeline.add(entry) }
        let bars = timeline.bars().bars.sorted { ($0.lane, $0.start) < ($1.lane, $1.start) }
        for (bar, next) in zip(bars, bars.dropFirst()) where bar.lane == next.lane { #expect(bar.end <= next.start) }
    }

    @Test("what may still be answered goes on to the end; what was not sent takes no time")
    func open() async throws {
        var run = JournalSketch(status: .needsDecision)
        let lost = run.intent("twofa.regenerate", ["id": 1], effect: .unsafe, at: 10)
        run.change(lost, at: 11)
        _ = run.intent("users.unlock", ["id": 1], effect: .idempotent, task: 2, at: 20)
        run.log("error", "no answer", at: 500)
        var timeline = Timeline()
        for try await entry in try await run.history().entries { timeline.add(entry) }
        let bars = timeline.bars().bars
        #expect(bars.first { $0.look == .unknown }.map { [$0.start, $0.end] } == [10, 500])
        #expect(bars.first { $0.look == .notSent }.map { [$0.start, $0.end] } == [20, 20])
        #expect(timeline.marks.map(\.look) == ["e"])
    }

    // MARK: JUnit

    @Test("a test case for each change and one for the run, none with the name of another")
    func cases() async throws {
        let check = MarkupCheck(try await report(SampleRuns.mixed, .junit))
        #expect(check.elements.count { $0 == "testcase" } == 12)
        #expect(check.elements.count { $0 == "failure" } == 1 && check.elements.count { $0 == "error" } == 2)
        let names = check.attributes.filter { $0.name == "name" && $0.value.hasSuffix("]") }.map(\.value)
        #expect(Set(names).count == 11)
        let counts = check.attributes.filter { ["tests", "failures", "errors"].contains($0.name) }.map(\.value)
        #expect(counts == ["12", "1", "2", "12", "1", "2"])
    }

    @Test("a run that ended early is no good build, whatever its changes")
    func failedRun() async throws {
        var run = JournalSketch()
        run.end(.failed, at: 5, error: ["kind": "error", "message": "no such role"])
        let text = try await report(run, .junit)
        #expect(text.contains("<failure message=\"no such role\" type=\"failed\">no such role</failure>"))
        var good = JournalSketch()
        good.end(.succeeded, at: 5)
        #expect(!(try await report(good, .junit)).contains("<failure"))
    }

    // MARK: Words

    @Test(
        "how it went, in a sentence",
        arguments: [
            (RunStatus.succeeded, 0, "Finished: nothing had to be changed."),
            (.succeeded, 1, "Finished: 1 change was made."), (.succeeded, 2, "Finished: 2 changes were made."),
            (.failed, 2, "Failed before its end; 2 changes were made."),
            (.stopped, 0, "Stopped by a limit or a denial; nothing was changed."),
            (.cancelled, 1, "Ended by somebody before its end; 1 change was made."),
        ])
    func verdict(status: RunStatus, changes: Int, expected: String) async throws {
        var run = JournalSketch()
        for _ in 0..<changes {
            let call = run.intent("users.unlock", ["id": 1], effect: .idempotent, at: 0)
            run.change(call, at: 0)
            run.outcome(call, at: 1)
        }
        run.end(status, at: 2)
        #expect(Verdict(try await run.review()).text == expected)
    }

    @Test("long lists are told by what is new and what is gone")
    func lists() {
        func told(_ before: JSONValue, _ after: JSONValue) -> [String] {
            let values = Wording.beforeAndAfter(FieldChange(field: "sites", before: before, after: after))
            return [values.before, values.after]
        }
        #expect(told([1, 2], [3]) == ["1, 2", "3"])
        #expect(told([], [3]) == ["none", "3"])
        #expect(told(.null, "") == ["–", "\"\""])
        let long = JSONValue.array((1...12).map { .integer($0) })
        #expect(told(long, .array((2...13).map { .integer($0) })) == ["1 of 12 removed: 1", "1 of now 12 added: 13"])
        #expect(told(long, []) == ["12 of 12 removed: 1, 2, 3, 4, 5, 6, 7, 8 and 4 more", "0 entries, none added"])
    }

    @Test("numbers and moments as people write them")
    func numbers() {
        #expect(
            [0, 999, 1_000, 1_234_567, -12_345].map(Wording.number) == ["0", "999", "1,000", "1,234,567", "-12,345"])
        #expect(
            [0, 250, 1_500, 60_000, 125_000, 3_725_000].map { Wording.clock($0) }
                == ["0", "250 ms", "1.5 s", "1:00", "2:05", "1:02:05"])
        #expect(Wording.offset(12_045) == "12.045")
    }
}

import Operations
import RunbookHost

/// A run as one HTML file that needs nothing from outside: its policy lets no address be asked, and no script or style run
/// but its own, which are named by their hashes.
struct HTMLReport {
    let review: RunReview
    let undo: RunReview.Undo
    let timeline: Timeline
    private var record: RunRecord { review.record }

    /// The document.
    var text: String {
        """
        <!DOCTYPE html>
        <html lang="en">
        <head>
        <meta charset="utf-8">
        <meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src '\(Self.styleHash)'; \
        script-src '\(Self.scriptHash)'; base-uri 'none'; form-action 'none'">
        <meta name="viewport" content="width=device-width, initial-scale=1">
        <meta name="color-scheme" content="light dark">
        <meta name="referrer" content="no-referrer">
        <meta name="robots" content="noindex">
        <title>\(Markup.escaped(title)) · \(Markup.escaped(record.id))</title>
        <style>\(Self.style)</style>
        </head>
        <body>
        \(header)
        <main>
        \(advice)\(errorBox)\(tiles)\(timelineSection)\(changesSection)\(skippedSection)\(failedReadsSection)\(warningsSection)\(undoSection)\
        \(detailsSection)</main>
        <footer>runbook \(Markup.escaped(record.version)) · run \(Markup.escaped(record.id))</footer>
        <script>\(Self.script)</script>
        </body>
        </html>

        """
    }

    private var title: String { record.title.isEmpty ? StoreRules.name(of: record.runbook) : record.title }

    // MARK: The head

    private var header: String {
        let verdict = Verdict(review)
        let facts = [
            ("began", Wording.second(record.began) + " UTC"), ("took", Wording.span(review.duration)),
            ("target", Wording.target(record.target)), ("by", record.actor),
            ("mode", record.mode.rawValue + (record.approval.isEmpty ? "" : ", approved: \(record.approval)")),
        ].filter { !$0.1.isEmpty }.map { "<span><b>\($0.0)</b> \(Markup.escaped($0.1))</span>" }
        return """
            <header class="\(verdict.tone.rawValue)">
            <p class="status">\(Markup.escaped(Wording.status(record.status)))</p>
            <h1 dir="auto">\(Markup.escaped(title))</h1>
            <p class="verdict">\(Markup.escaped(verdict.text))</p>
            <p class="facts">\(facts.joined(separator: "\n"))</p>
            </header>
            """
    }

    /// What waits for a person comes before all else.
    private var advice: String {
        let pressing = RunAdvice.all(for: review, undo: undo).filter(\.isPressing)
        guard !pressing.isEmpty else { return "" }
        let items = pressing.map {
            "<li><span dir=\"auto\">\(Markup.escaped($0.reason))</span> <code>\(Markup.escaped($0.command))</code></li>"
        }
        return section("next", "What to do now", "<ol>\(items.joined(separator: "\n"))</ol>", class: "next")
    }

    private var errorBox: String {
        guard let message = record.error["message"]?.stringValue else { return "" }
        let place = record.error["where"]?.stringValue ?? ""
        let isNamed = place.isEmpty || message.hasPrefix(place)
        let frames = record.error["traceback"]?.arrayValue?.compactMap(\.stringValue) ?? []
        let trace =
            frames.count < 2
            ? ""
            : "<details><summary>Where in the script</summary><pre>\(Markup.lines(frames))</pre></details>"
        return section(
            "error", "Why it ended",
            "<p dir=\"auto\">\(isNamed ? "" : "<code>\(Markup.escaped(place))</code> ")\(Markup.escaped(message))</p>\(trace)",
            class: "error")
    }

    private var tiles: String {
        var tiles: [(String, String, String, String)] = []
        func add(_ count: Int, _ name: String, _ look: String, _ note: String = "", always: Bool = false) {
            if always || count > 0 { tiles.append((Wording.number(count), name, count > 0 ? look : "", note)) }
        }
        if record.mode == .plan {
            add(review.count(.planned), "planned", "p", always: true)
        } else {
            add(review.effective, review.effective == 1 ? "change made" : "changes made", "c", always: true)
        }
        add(review.count(.failed), "failed", "f", always: record.mode != .plan)
        add(review.count(.unknown), "unknown", "u", always: record.mode != .plan)
        add(review.count(.notSent), "not sent", "n")
        add(review.skipped.count, "skipped", "n")
        add(
            review.calls, review.calls == 1 ? "call" : "calls", "r",
            [
                review.retries > 0 ? "\(review.retries) sent once more" : "",
                review.failedReads.isEmpty ? "" : "\(Wording.count(review.failedReads.count, "read")) failed",
            ].filter { !$0.isEmpty }.joined(separator: ", "), always: true)
        tiles.append((Wording.span(review.duration), "under way", "", ""))
        let items = tiles.map { figure, name, look, note in
            "<div class=\"tile \(look)\"><b>\(figure)</b><span>\(name)</span>\(note.isEmpty ? "" : "<small>\(note)</small>")</div>"
        }
        return "<section class=\"tiles\" aria-label=\"Figures\">\(items.joined(separator: "\n"))</section>\n"
    }

    // MARK: What else there is

    private var skippedSection: String {
        guard !review.skipped.isEmpty else { return "" }
        let rows = review.skipped.map { skip in
            switch skip {
            case .said(let line):
                "<tr><td class=\"time\">\(Wording.offset(line.start))</td><td><span dir=\"auto\">"
                    + "\(Markup.escaped(line.message))</span> \(fields(line.otherFields))</td>"
                    + "<td dir=\"auto\">\(Markup.escaped(line.reason))</td></tr>"
            case .noEffect(let call):
                "<tr><td class=\"time\">\(Wording.offset(call.start))</td><td dir=\"auto\">\(Markup.escaped(call.text))</td>"
                    + "<td>nothing had to be changed</td></tr>"
            }
        }
        return section(
            "skipped", "Skipped", count: rows.count, Self.list(["at", "what", "why"], rows))
    }

    private var warningsSection: String {
        guard !review.warnings.isEmpty else { return "" }
        let rows = review.warnings.map { line in
            "<tr><td class=\"time\">\(Wording.offset(line.start))</td><td class=\"level \(line.level == "error" ? "f" : "u")\">"
                + "\(Markup.escaped(line.level))</td><td><span dir=\"auto\">\(Markup.escaped(line.message))</span> "
                + "\(fields(line.fields))</td></tr>"
        }
        return section(
            "warnings", "Warnings of the script", count: rows.count, Self.list(["at", "level", "message"], rows))
    }

    private var failedReadsSection: String {
        guard !review.failedReads.isEmpty else { return "" }
        let rows = review.failedReads.map { call in
            "<tr><td class=\"time\">\(Wording.offset(call.start))</td><td class=\"number\">\(call.number)</td>"
                + "<td dir=\"auto\">\(Markup.escaped(call.called))</td>"
                + "<td class=\"level f\" dir=\"auto\">\(Markup.escaped(Wording.failure(call)))</td></tr>"
        }
        return section(
            "reads", "Reads that failed", count: rows.count, Self.list(["at", "call", "what", "why"], rows))
    }

    private var undoSection: String {
        guard undo.changes > 0 || !undo.irreversible.isEmpty else { return "" }
        var body = ""
        if undo.changes > 0 {
            body +=
                "<p>\(Wording.count(undo.changes, "change")) can be taken back: <code>runbook undo \(Markup.escaped(record.id)) "
                + "-o PLAN</code> makes a plan that restores what was there before. Read it, then apply it with "
                + "<code>runbook apply PLAN</code>.</p>"
            let steps = undo.steps.prefix(Self.shown).map { "<li dir=\"auto\">\(Markup.escaped($0))</li>" }
            let rest = undo.steps.count > Self.shown ? "<li>…</li>" : ""
            let list = "<ol>\(steps.joined(separator: "\n"))\(rest)</ol>"
            body += Self.folded("What it would do, in \(Wording.count(undo.steps.count, "step"))", list)
        }
        if !undo.irreversible.isEmpty {
            let items = undo.irreversible.map {
                "<li><b>\(Wording.number($0.count)) × \(Markup.escaped($0.operation))</b>: \(Markup.escaped($0.reason))</li>"
            }
            body += "<p>What stays as it is:</p><ul>\(items.joined(separator: "\n"))</ul>"
        }
        return section("undo", "How to undo it", body)
    }

    private var detailsSection: String {
        var rows: [(String, String)] = [
            ("run", code(record.id)), ("runbook", code(record.runbook)), ("sha256", code(record.sha256)),
            (
                "asked for by",
                Markup.escaped([record.actor, record.origin].filter { !$0.isEmpty }.joined(separator: ", "))
            ),
            ("carried by", Markup.escaped("process \(record.owner.process) on \(record.owner.host)")),
            (
                "limits",
                Markup.escaped(
                    "\(record.limits.time.readable), \(record.limits.calls) calls, \(record.limits.changes) changes, "
                        + record.limits.memory.readableBytes)
            ), ("script", record.isConfined ? "confined" : "not confined"),
        ]
        if !record.plan.isEmpty { rows.append(("plan", code(record.plan))) }
        if let ended = record.ended { rows.append(("ended", Wording.second(ended) + " UTC")) }
        for (name, value) in record.parameters.sorted(by: { $0.key < $1.key }) {
            rows.append(("param \(Markup.escaped(name))", "<bdi>\(Markup.escaped(Wording.value(value)))</bdi>"))
        }
        for entry in review.interventions {
            switch entry {
            case .decision(let call, let wasSent, let actor, let time, _):
                rows.append(
                    (
                        "decided",
                        "call \(call) was \(wasSent ? "" : "not ")sent, by \(Markup.escaped(actor)), \(Wording.second(time)) UTC"
                    ))
            case .resumption(let owner, let time, _):
                let who = owner.map { " by process \($0.process) on \(Markup.escaped($0.host))" } ?? ""
                rows.append(("resumed", "\(Wording.second(time)) UTC\(who)"))
            case .call, .log: break
            }
        }
        if !record.result.isNull {
            rows.append(("result", "<pre>\(Markup.lines(Self.resultLines(record.result)))</pre>"))
        }
        let items = rows.filter { !$0.1.isEmpty }.map { "<dt>\($0.0)</dt><dd>\($0.1)</dd>" }
        return section("run", "The run", "<dl>\(items.joined(separator: "\n"))</dl>")
    }

    /// A large result is for `runbook show`; a report says how it begins.
    private static func resultLines(_ result: JSONValue) -> [String] {
        let text = result.stringValue ?? result.prettyText
        let lines = text.split(separator: "\n", maxSplits: 60, omittingEmptySubsequences: false).map(String.init)
        return lines.count > 60 ? lines.prefix(60) + ["…"] : lines
    }

    // MARK: Parts

    /// How many rows a list may have and still stand open.
    static let shown = 200

    func section(_ id: String, _ title: String, count: Int? = nil, _ body: String, class name: String = "") -> String {
        let number = count.map { " <span class=\"count\">\(Wording.number($0))</span>" } ?? ""
        return """
            <section id="\(id)"\(name.isEmpty ? "" : " class=\"\(name)\"")><h2>\(title)\(number)</h2>
            \(body)
            </section>

            """
    }

    /// A table.
    static func table(_ titles: [String], _ rows: [String]) -> String {
        let head = titles.map { "<th scope=\"col\">\($0)</th>" }.joined()
        return "<div class=\"wide\"><table><thead><tr>\(head)</tr></thead>\n<tbody>\n\(rows.joined(separator: "\n"))\n"
            + "</tbody></table></div>"
    }

    /// Something that has to be opened to be read.
    static func folded(_ words: String, _ body: String) -> String {
        "<details><summary>\(words)</summary>\(body)</details>"
    }

    /// A table, folded away if it is long.
    static func list(_ titles: [String], _ rows: [String]) -> String {
        let table = table(titles, rows)
        return rows.count <= shown ? table : folded("Show all \(Wording.number(rows.count))", table)
    }

    private func fields(_ fields: JSONValue) -> String {
        let members = fields.objectValue ?? [:]
        return members.keys.sorted().map { key in
            "<span class=\"field\">\(Markup.escaped(key))</span> <bdi>\(Markup.escaped(Wording.value(members[key] ?? .null)))</bdi>"
        }.joined(separator: " · ")
    }

    private func code(_ text: String) -> String { "<code>\(Markup.escaped(text))</code>" }
}

extension Markup {
    /// Lines, each escaped.
    static func lines(_ lines: [String]) -> String { lines.map { escaped($0) }.joined(separator: "\n") }
}

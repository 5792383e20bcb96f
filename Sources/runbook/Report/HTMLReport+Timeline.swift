import RunbookHost

extension HTMLReport {
    private static let laneHeight = 18
    private static let headHeight = 26

    var timelineSection: String {
        guard !timeline.isEmpty else { return "" }
        let (bars, lanes) = timeline.bars()
        let height = Self.headHeight + lanes * Self.laneHeight + 4
        var svg =
            "<svg id=\"lanes\" width=\"100%\" height=\"\(height)\" role=\"img\" data-ms=\"\(timeline.duration)\" "
            + "aria-label=\"\(Wording.count(timeline.count, "call")) in \(Wording.span(timeline.duration)), "
            + "\(Wording.count(lanes, "lane")) of tasks\">\n"
        for lane in 0..<lanes where lane % 2 == 0 {
            svg +=
                "<rect class=\"lane\" x=\"0\" width=\"100%\" y=\"\(y(lane))\" height=\"\(Self.laneHeight)\"/>\n"
        }
        svg += "<g id=\"axis\">\(axis(height))</g>\n"
        let isWhole = bars.allSatisfy { $0.count == 1 }
        for bar in bars { svg += drawing(bar) }
        for mark in timeline.marks { svg += drawing(mark, height) }
        svg += "</svg>"
        let names = (0..<lanes).map { "<li>\($0 == 0 ? "main" : "\($0)")</li>" }.joined()
        let used = Set(bars.map(\.look))
        let legend = Timeline.Look.allCases.filter { used.contains($0) }.map {
            "<span><i class=\"\($0.name)\"></i>\(Self.legend($0))</span>"
        }.joined(separator: "\n")
        let note =
            isWhole ? "" : "<p class=\"note\">Calls that are too close to each other to be told apart share a bar.</p>"
        return section(
            "timeline", "Timeline", count: timeline.count,
            """
            <div class="legend">\(legend)<span class="zoom" hidden><button type="button" id="out" aria-label="Zoom out">−</button>\
            <button type="button" id="in" aria-label="Zoom in">+</button><button type="button" id="fit">Fit</button></span></div>
            <div class="lanes"><ol class="names" start="0">\(names)</ol><div class="scroll" tabindex="0">\(svg)</div></div>
            \(note)<div id="tip" hidden></div>
            """)
    }

    private func y(_ lane: Int) -> Int { Self.headHeight + lane * Self.laneHeight }

    /// A place in time, in percent of the width, with as many digits as the widest zoom needs.
    private func place(_ time: Int64) -> String {
        // Not up to the edge: what stands at the end is to be seen whole.
        let thousandths = time * 99_500 / timeline.duration
        return "\(thousandths / 1_000).\(String(1_000 + thousandths % 1_000).dropFirst())"
    }

    private func drawing(_ bar: Timeline.Bar) -> String {
        let width = max(bar.end - bar.start, timeline.duration / 2_000)
        // Those that stand for one change are found from its row.
        let id = bar.count == 1 && bar.changes == 1 && bar.call > 0 ? " id=\"t\(bar.call)\"" : ""
        let text =
            bar.count == 1
            ? bar.text
            : "\(bar.count) calls, \(Wording.count(bar.changes, "change"))\n\(Wording.offset(bar.start)) s – "
                + "\(Wording.offset(bar.end)) s"
        return "<rect\(id) class=\"\(bar.look.name)\" x=\"\(place(bar.start))%\" width=\"\(place(max(1, width)))%\" "
            + "y=\"\(y(bar.lane) + 3)\" height=\"\(Self.laneHeight - 6)\" rx=\"2\"><title>\(Markup.lines(text.split(separator: "\n").map(String.init)))</title></rect>\n"
    }

    private func drawing(_ mark: Timeline.Mark, _ height: Int) -> String {
        let title = "<title>\(Markup.escaped(mark.text))\n\(Wording.offset(mark.time)) s</title>"
        guard mark.look == "d" else {
            return
                "<circle class=\"mark \(mark.look)\" cx=\"\(place(mark.time))%\" cy=\"\(Self.headHeight - 4)\" r=\"3\">\(title)</circle>\n"
        }
        return
            "<line class=\"mark d\" x1=\"\(place(mark.time))%\" x2=\"\(place(mark.time))%\" y1=\"14\" y2=\"\(height)\">\(title)</line>\n"
    }

    /// What may lie between two marks of the axis, in milliseconds.
    private static let steps: [Int64] = [
        1, 2, 5, 10, 20, 50, 100, 200, 500, 1_000, 2_000, 5_000, 10_000, 15_000, 30_000, 60_000, 120_000, 300_000,
        600_000, 900_000, 1_800_000, 3_600_000, 7_200_000, 21_600_000, 43_200_000, 86_400_000,
    ]

    /// Round times from the beginning on; the script draws them anew for each zoom.
    private func axis(_ height: Int) -> String {
        let least = timeline.duration / 8
        let step = Self.steps.first { $0 >= least } ?? least
        return stride(from: 0, through: timeline.duration, by: Int(max(1, step))).map { time in
            let line = "<line x1=\"\(place(time))%\" x2=\"\(place(time))%\" y1=\"16\" y2=\"\(height)\"/>"
            // At the end there is no room for it.
            guard time * 100 <= timeline.duration * 96 else { return line }
            return line + "<text x=\"\(place(time))%\" y=\"12\" dx=\"3\">\(Wording.clock(time))</text>"
        }.joined()
    }

    private static func legend(_ look: Timeline.Look) -> String {
        switch look {
        case .read: "read"
        case .wait: "wait"
        case .change: "change"
        case .mixed: "reads and changes"
        case .planned: "planned"
        case .notSent: "not sent"
        case .failed: "failed"
        case .unknown: "unknown"
        }
    }
}

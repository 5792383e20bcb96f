import RunbookHost
import Testing

@testable import runbook

/// How runs are listed.
@Suite("The list of runs")
struct RunsTableTests {
    private var runs: [(record: RunRecord, standing: RunStanding)] {
        var done = SampleRuns.large(calls: 12).record
        done.id = "01hwt8k3v0abc999"
        done.changes = ["done": 1_234, "failed": 2]
        var dead = SampleRuns.large(calls: 12).record
        dead.id = "01hwt8k3v0abc888"
        dead.status = .running
        dead.ended = nil
        var wide = done
        wide.id = "01hwt8k3v0abc777"
        wide.runbook = "runbooks/部署-用户-清理-每个季度-一次-由-支持-团队-管理.lua"
        wide.status = .failed
        wide.changes = ["done": 3]
        return [
            (done, .over), (SampleRuns.mixed.record, .needsDecision), (dead, .abandoned), (wide, .over),
        ]
    }

    @Test("as wide as it needs to be where nobody looks")
    func plain() throws { try Golden.check(RunsTable(runs: runs).text(ScreenStyle()), "runs.txt") }

    @Test("fitted to a terminal, where the end of a name tells more")
    func narrow() throws {
        var style = ScreenStyle()
        style.width = 100
        let text = RunsTable(runs: runs).text(style)
        try Golden.check(text, "runs-narrow.txt")
        for width in [80, 90, 100, 120] {
            style.width = width
            for line in RunsTable(runs: runs).text(style).split(separator: "\n") {
                #expect(String(line).columns <= width)
            }
        }
    }

    @Test("coloured where colours are shown, without moving a column")
    func colored() {
        var style = ScreenStyle()
        style.hasColor = true
        let colored = RunsTable(runs: runs).text(style)
        #expect(colored.contains("\u{1b}[31mfailed\u{1b}[0m"))
        var text = ""
        var rest = colored[...]
        while let start = rest.firstIndex(of: "\u{1b}") {
            text += rest[..<start]
            rest = rest[start...].drop { $0 != "m" }.dropFirst()
        }
        func trimmed(_ text: some StringProtocol) -> [String] {
            text.split(separator: "\n").map { line in String(line.reversed().drop { $0 == " " }.reversed()) }
        }
        #expect(trimmed(text + rest) == trimmed(RunsTable(runs: runs).text(ScreenStyle())))
    }

    @Test("a column is cut by what it takes on the screen")
    func fitted() {
        #expect("abcdef".fitted(4) == "abc…")
        #expect("abcdef".fitted(4, keepingEnd: true) == "…def")
        #expect("用户清理".fitted(5) == "用户…")
        #expect("用户".columns == 4 && "é".columns == 1 && "👩‍🚀".columns == 2)
        #expect("abc".fitted(3) == "abc" && "abc".fitted(1) == "…" && "abc".fitted(0) == "")
    }

    @Test("what turns text round or hides in it is shown as what it is")
    func hidden() {
        #expect("a\u{202e}cod.exe\u{1b}[31m\n\u{200b}".shown == "a\u{fffd}cod.exe [31m \u{fffd}")
        #expect("ملف ✓ 👩‍🚀".shown == "ملف ✓ 👩‍🚀")
    }
}

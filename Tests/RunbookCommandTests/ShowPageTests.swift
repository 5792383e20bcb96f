import Operations
import RunbookHost
import Testing

@testable import runbook

/// How one run is shown.
@Suite("The page of a run")
struct ShowPageTests {
    private func page(_ sketch: JournalSketch, isAlive: Bool? = false) async throws -> RunPage {
        let review = try await sketch.review(isAlive: isAlive)
        return RunPage(review: review, undo: review.undo(), style: ScreenStyle())
    }

    @Test("its head, its changes and what is to be done")
    func whole() async throws {
        let page = try await page(SampleRuns.mixed)
        try Golden.check(page.head + page.changeList + page.advice, "show.txt")
    }

    @Test("its calls and log lines, one a line")
    func calls() async throws {
        var run = SampleRuns.mixed
        run.decision(22, "sent", at: 8_000)
        run.resumption(at: 8_001)
        run.restoration("users.set_sites", ["id": 7, "site_ids": [1]], "give user 7 back site 1", at: 8_050)
        let page = try await page(run)
        var text = ""
        for try await entry in try await run.history().entries { text += page.line(of: entry) }
        try Golden.check(text, "show-calls.txt")
    }

    @Test("of many changes those that went wrong are never left out")
    func many() async throws {
        var run = JournalSketch()
        for index in 0..<60 {
            let call = run.intent("users.unlock", ["id": .integer(Int64(index))], effect: .idempotent, at: 0)
            run.change(call, nil, "unlock user \(index)", at: 0)
            if index == 50 {
                run.failure(call, "conflict", "not now", status: 409, at: 1)
            } else {
                run.outcome(call, at: 1)
            }
        }
        run.end(.succeeded, at: 2)
        let list = try await page(run).changeList
        #expect(list.contains("unlock user 50  failed") && list.contains("conflict (409): not now"))
        #expect(list.contains("… and 59 more: 'runbook report \(run.record.id)' has them all"))
    }

    @Test("a run whose process is dead says so, one that lives has nothing to be done")
    func standing() async throws {
        var run = SampleRuns.mixed
        run.record.status = .running
        let dead = try await page(run)
        #expect(dead.head.hasPrefix("running, and its process is dead"))
        #expect(dead.advice.contains("runbook resume \(run.record.id)"))
        let alive = try await page(run, isAlive: true)
        #expect(alive.advice.isEmpty && alive.changeList.contains("? #22") == false)
    }
}

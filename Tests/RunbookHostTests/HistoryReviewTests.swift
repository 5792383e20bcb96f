import Operations
import Testing

@testable import RunbookHost

/// What follows from a run's history.
@Suite("History: what follows from it")
struct HistoryReviewTests {
    private typealias Rows = HistoryRows

    @Test(
        "what is left to do follows from the status and from whether the process lives",
        arguments: [
            (RunStatus.succeeded, RunMode.run, false, RunStanding.over, ""), (.failed, .run, nil, .over, ""),
            (.stopped, .run, false, .over, ""), (.cancelled, .run, false, .interrupted, "can be resumed"),
            (.running, .run, true, .underWay, "under way"), (.running, .run, nil, .elsewhere, "under way elsewhere"),
            (.running, .run, false, .abandoned, "can be resumed"),
            (.running, .plan, false, .abandoned, "its process is dead"),
            (.needsDecision, .run, false, .needsDecision, "needs a decision"),
        ] as [(RunStatus, RunMode, Bool?, RunStanding, String)])
    func standing(status: RunStatus, mode: RunMode, isAlive: Bool?, expected: RunStanding, words: String) {
        let record = Rows.record(status, mode: mode)
        let standing = RunStanding(record, isAlive: { _ in isAlive })
        #expect(standing == expected)
        #expect(record.next(standing) == words)
    }

    @Test("changes are counted and grouped by what they are about, in the order in which they came")
    func groups() {
        let user: JSONValue = ["target": ["type": "user", "id": "7"]],
            role: JSONValue = ["target": ["type": "role", "id": "r"]]
        let review = Rows.review([
            Rows.unlock(1), Rows.change(1, facts: user), Rows.answer(1), Rows.regenerate(2),
            Rows.change(2, facts: user),
            Rows.answer(2), Rows.unlock(3), Rows.change(3, facts: user), Rows.failure(3, delivery: .answered),
            Rows.unlock(4), Rows.change(4, facts: role), Rows.answer(4), Rows.read(5),
            Rows.failure(5, delivery: .answered),
        ])
        #expect(review.groups.map(\.operation) == ["users.unlock", "twofa.regenerate", "users.unlock"])
        #expect(review.groups.map(\.targetType) == ["user", "user", "role"])
        #expect(review.groups[0].count(.done) == 1 && review.groups[0].count(.failed) == 1)
        #expect(review.calls == 5 && review.changes.count == 4 && review.effective == 3)
        #expect(review.failedReads.map(\.number) == [5])
    }

    @Test("what was skipped is what the script says and what made no difference")
    func skipped() {
        let review = Rows.review([
            Rows.row(.log, "info", ["message": "left", "fields": ["skipped": "old"]]),
            Rows.row(.log, "warn", ["message": "careful", "fields": .null]), Rows.unlock(1),
            Rows.change(1, facts: ["no_effect": true]), Rows.answer(1),
        ])
        #expect(review.skipped.count == 2)
        #expect(review.warnings.map(\.message) == ["careful"])
        #expect(review.effective == 0)
        guard case .said(let line)? = review.skipped.first, case .noEffect(let call)? = review.skipped.last else {
            return #expect(Bool(false), "\(review.skipped)")
        }
        #expect(line.message == "left" && call.number == 1)
    }

    @Test("an undo takes back what has an image, and gives a reason for the rest")
    func undo() {
        let update = Rows.row(
            .intent, call: 1, "users.set_sites", ["id": 7, "site_ids": [4]], facts: ["effect": "idempotent"])
        let review = Rows.review([
            update, Rows.change(1, facts: ["image": ["sites": [1, 2]], "target": ["type": "user", "id": "7"]]),
            Rows.answer(1), Rows.unlock(2), Rows.change(2), Rows.answer(2), Rows.unlock(3), Rows.change(3),
            Rows.answer(3),
        ])
        let undo = review.undo()
        #expect(undo.changes == 1 && undo.steps.count == 1)
        #expect(undo.irreversible.map(\.operation) == ["users.unlock"])
        #expect(undo.irreversible.map(\.count) == [2])
        #expect(undo.irreversible.allSatisfy { !$0.reason.isEmpty })
    }

    @Test("what must be decided comes first, then going on, then undoing")
    func advice() {
        let rows = [Rows.regenerate(1), Rows.change(1), Rows.unlock(2), Rows.change(2)]
        func commands(_ review: RunReview) -> [String] {
            RunAdvice.all(for: review, undo: review.undo()).map(\.command)
        }
        // A change that may be sent again needs no decision.
        #expect(
            commands(Rows.review(rows, status: .needsDecision))
                == ["runbook decide 01run 1 --sent|--not-sent", "runbook resume 01run"])
        #expect(
            commands(Rows.review([Rows.unlock(2), Rows.change(2)], status: .running)) == ["runbook resume 01run"])
        #expect(commands(Rows.review(rows, status: .running, isAlive: true)).isEmpty)
        #expect(commands(Rows.review(rows + [Rows.answer(1), Rows.answer(2)])).isEmpty)
        let sites = Rows.row(
            .intent, call: 1, "users.set_sites", ["id": 7, "site_ids": [4]], facts: ["effect": "idempotent"])
        let done = [sites, Rows.change(1, facts: ["image": ["sites": [1]]]), Rows.answer(1)]
        #expect(commands(Rows.review(done)) == ["runbook undo 01run -o PLAN"])
    }

    @Test("a program gets everything, and no image of what was there before")
    func json() throws {
        let review = Rows.review([
            Rows.unlock(1), Rows.change(1, facts: ["image": ["user": ["email": "ada@example.com"]], "summary": "s"]),
            Rows.answer(1), Rows.read(2), Rows.answer(2),
        ])
        let json = review.json
        #expect(json["run"] == "01run" && json["standing"] == "over" && json["status"] == "succeeded")
        #expect(json["change_counts"] == ["done": 1] && json["calls"] == 2)
        #expect(json["changes"]?.arrayValue?.first?["summary"] == "s")
        #expect(json["undo"]?["irreversible"]?.arrayValue?.count == 1)
        #expect(!json.text.contains("ada@example.com"))
    }
}

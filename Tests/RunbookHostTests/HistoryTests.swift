import Operations
import Testing

@testable import RunbookHost

/// What the rows of a journal tell.
@Suite("History: what a journal tells")
struct HistoryTests {
    private typealias Rows = HistoryRows

    @Test("each call is told where it began, whenever it was answered")
    func order() throws {
        let entries = Rows.entries([
            Rows.read(1, at: 5), Rows.unlock(2, at: 6),
            Rows.row(.log, at: 7, "info", ["message": "hello", "fields": ["login": "ada"]]),
            Rows.change(2), Rows.answer(2, at: 9), Rows.read(3, at: 10), Rows.answer(3, at: 12), Rows.answer(1, at: 20),
        ])
        let told = entries.map { entry in
            switch entry {
            case .call(let call): "\(call.number):\(call.start)-\(call.end ?? -1)"
            case .log(let line): line.text
            case .decision, .resumption: ""
            }
        }
        #expect(told == ["1:5-20", "2:6-9", "hello login=ada", "3:10-12"])
        let first = try #require(Rows.calls([Rows.read(1, at: 5), Rows.answer(1, at: 20)]).first)
        #expect(first.line == 3 && first.task == 1 && first.began == 1_005)
        #expect(first.operation == "users.get" && first.arguments == ["id": 7] && first.called == "users.get id=7")
        #expect(first.duration == 4 && first.status == 200 && first.attempts == 1 && first.outcome == .done)
    }

    @Test("a change has its target, summary, fields and image")
    func change() throws {
        let facts: JSONValue = [
            "target": ["type": "user", "id": 7, "name": "ada"], "summary": "disable user ada (7)",
            "changes": [["field": "enabled", "before": true, "after": false]], "image": ["user": ["id": 7]],
        ]
        let call = try #require(
            Rows.calls([Rows.unlock(1), Rows.change(1, facts: facts), Rows.answer(1, ["id": 9])]).first)
        #expect(call.target == ChangeTarget(type: "user", id: "7", name: "ada"))
        #expect(call.text == "disable user ada (7)")
        #expect(call.differences == [FieldChange(field: "enabled", before: true, after: false)])
        #expect(call.image == ["user": ["id": 7]] && call.result == ["id": 9])
        #expect(call.isChange && !call.hasNoEffect)
    }

    @Test("what has no outcome is unknown only if it was about to be sent, and nothing can come any more")
    func unanswered() {
        let rows = [Rows.read(1), Rows.unlock(2), Rows.regenerate(3), Rows.change(3)]
        #expect(Rows.calls(rows).map(\.outcome) == [.unanswered, .notSent, .unknown])
        #expect(Rows.calls(rows, isUnderWay: true).map(\.outcome) == [.pending, .pending, .pending])
    }

    @Test("a failed change is unknown if it may have reached the server; a read simply failed")
    func failures() throws {
        let rows = [
            Rows.unlock(1), Rows.change(1), Rows.failure(1, delivery: .unknown), Rows.unlock(2), Rows.change(2),
            Rows.failure(2, delivery: .answered), Rows.read(3), Rows.failure(3, delivery: .unknown),
        ]
        let calls = Rows.calls(rows)
        #expect(calls.map(\.outcome) == [.unknown, .failed, .failed])
        #expect(calls.allSatisfy { $0.errorKind == "network" && $0.errorMessage == "the connection was lost" })
    }

    @Test("a plan's changes are planned, its reads done")
    func planned() {
        let rows = [Rows.read(1), Rows.answer(1), Rows.unlock(2), Rows.change(2), Rows.answer(2)]
        #expect(Rows.calls(rows, mode: .plan).map(\.outcome) == [.done, .planned])
    }

    @Test("what a person decided counts, and is told as theirs")
    func decided() throws {
        let rows = [Rows.regenerate(1), Rows.change(1), Rows.regenerate(2), Rows.change(2)]
        let entries = Rows.entries(
            rows + [Rows.decision(1, "sent", actor: "ada"), Rows.decision(2, "not_sent", actor: "grace")])
        let calls = entries.compactMap { if case .call(let call) = $0 { call } else { nil } }
        #expect(calls.map(\.outcome) == [.done, .notSent])
        #expect(calls.map(\.decidedAsSent) == [true, false])
        #expect(
            entries.dropFirst(2) == [
                .decision(call: 1, wasSent: true, actor: "ada", time: 1_000, start: 0),
                .decision(call: 2, wasSent: false, actor: "grace", time: 1_000, start: 0),
            ])
    }

    @Test("that the host did not send a change is nobody's decision, and once made anew it is forgotten")
    func heldBack() throws {
        let rows = [Rows.unlock(1), Rows.change(1), Rows.decision(1, "not_sent")]
        let entries = Rows.entries(rows)
        #expect(entries.count == 1)
        let held = try #require(Rows.calls(rows).first)
        #expect(held.outcome == .notSent && held.decidedAsSent == nil)
        let anew = try #require(Rows.calls(rows + [Rows.unlock(1), Rows.change(1), Rows.answer(1)]).first)
        #expect(anew.outcome == .done && anew.decidedAsSent == nil)
        #expect(Rows.calls(rows + [Rows.change(1)]).map(\.outcome) == [.unknown])
    }

    @Test("what stands for a secret, or may hold one, is closed again")
    func secrets() throws {
        let content: JSONValue = [
            "id": 7, "password": ["$secret": "4f1a"], "$links": true, "user": ["keys": [["$secret": "00"]]],
        ]
        let call = try #require(
            Rows.calls([Rows.row(.intent, call: 1, "users.create", content, facts: ["effect": "reconcilable"])]).first)
        #expect(
            call.arguments == ["id": 7, "password": "‹secret›", "user": ["keys": ["‹secret›"]]])
        let wrong = try #require(Rows.calls([Rows.row(.intent, call: 1, "users.get", ["$digest": "4f1a"])]).first)
        #expect(wrong.called == "users.get" && wrong.arguments == "‹secret›")
    }

    @Test("a change without effect is one that nobody counts, or that is known to be none")
    func noEffect() throws {
        let role = Rows.row(
            .intent, call: 1, "xpanse.set_role", ["emails": ["a@b.c"], "role": "Viewer"],
            facts: ["effect": "idempotent"])
        #expect(Rows.calls([role, Rows.change(1), Rows.answer(1, 0)]).map(\.hasNoEffect) == [true])
        #expect(Rows.calls([role, Rows.change(1), Rows.answer(1, 1)]).map(\.hasNoEffect) == [false])
        let known = Rows.change(2, facts: ["no_effect": true])
        #expect(Rows.calls([Rows.unlock(2), known, Rows.answer(2)]).map(\.hasNoEffect) == [true])
    }

    @Test("the host's own changes and new owners have their place")
    func hostsOwn() throws {
        let owner = RunOwner(host: "ops2", boot: "b", process: 12, processStart: 3)
        let entries = Rows.entries([
            Rows.row(.restoration, "users.set_sites", ["id": 7, "site_ids": [1]], facts: ["summary": "give back"]),
            Rows.row(.resumption, "", owner.json),
        ])
        guard case .call(let call)? = entries.first else { return #expect(Bool(false), "no call") }
        #expect(call.isRestoration && call.isChange && call.text == "give back")
        #expect(entries.last == .resumption(owner: owner, time: 1_000, start: 0))
    }

    @Test("only a field 'skipped' that says something makes a skip")
    func skips() {
        func isSkip(_ fields: JSONValue) -> Bool {
            RecordedLogLine(level: "info", message: "m", fields: fields, task: 1, line: 1, time: 0, start: 0).isSkip
        }
        for value: JSONValue in [true, "is disabled", 3, ["ada"], ["why": "old"]] {
            #expect(isSkip(["skipped": value]), "\(value)")
        }
        for value: JSONValue in [false, "", 0, [], [:], .null] { #expect(!isSkip(["skipped": value]), "\(value)") }
        #expect(!isSkip(["login": "ada"]) && !isSkip(.null))
    }

    @Test("a long journal is read in pages, and only what is still open is held")
    func memory() async throws {
        var assembly = HistoryAssembly(mode: .run, isUnderWay: false, catalogue: .standard)
        var told = 0, most = 0
        for number in UInt32(1)...20_000 {
            assembly.add(Rows.read(number))
            // Sixteen are always under way.
            if number > 16 { assembly.add(Rows.answer(number - 16)) }
            while assembly.next() != nil { told += 1 }
            most = max(most, assembly.held)
        }
        #expect(most < 3_000)
        assembly.end()
        while assembly.next() != nil { told += 1 }
        #expect(told == 20_000)

        let store = InMemoryStore()
        let record = Rows.record(.running)
        let lease = try await store.begin(record, audit: [])
        var rows: [JournalRow] = []
        for number in UInt32(1)...250 {
            for var row in [Rows.read(number), Rows.answer(number)] {
                row.sequence = Int64(rows.count) + 1
                row.hash = row.chainHash(after: rows.last?.hash ?? [])
                rows.append(row)
            }
        }
        try await store.append(rows, audit: [], lease: lease, isDurable: true)
        let history = RunHistory(of: record, in: store, page: 7, isAlive: { _ in false })
        var numbers: [UInt32] = []
        for try await entry in history.entries {
            if case .call(let call) = entry { numbers.append(call.number) }
        }
        #expect(numbers == Array(1...250))
        let missing = RunHistory(of: Rows.record(.failed), in: InMemoryStore(), isAlive: { _ in nil })
        await #expect(throws: StoreError.unknown("01run")) {
            for try await _ in missing.entries {}
        }
    }
}

internal import Logging
public import Operations
public import RunbookHost

/// A run that was recorded, taken as a test: the script gets the recorded parameters, clock, randomness and answers, and
/// must make the same calls with the same arguments and come to the same result. Nothing is sent.
public struct RecordedTest: Sendable {
    private let store: any RunStore
    private let sealer: Sealer
    private let catalogue: Catalogue
    private let patience: Duration

    /// - Parameters:
    ///   - store: where the run is kept; nothing in it is changed.
    ///   - sealer: opens what is sealed in it.
    ///   - catalogue: the operations that runbooks may call. Default: both APIs.
    ///   - patience: how long the run may take in real time. Default: 10 s.
    public init(
        store: any RunStore, sealer: Sealer, catalogue: Catalogue = .standard, patience: Duration = .seconds(10)
    ) {
        self.store = store
        self.sealer = sealer
        self.catalogue = catalogue
        self.patience = patience
    }

    /// Replays a run.
    ///
    /// - Parameters:
    ///   - record: the run.
    ///   - source: the runbook to replay it with. Default: the source that it ran.
    /// - Throws: ``TestSetupError`` if it is no run that can be replayed, `StoreError` if the store cannot be used.
    public func run(_ record: RunRecord, source: Runbook? = nil) async throws -> TestResult {
        if record.isStatement {
            throw TestSetupError(
                "the run \(record.id) is a statement of an interactive session, which leans on the ones before it: it cannot "
                    + "be replayed alone")
        }
        guard record.status == .succeeded || record.status == .failed, record.error["kind"]?.stringValue != "store",
            record.error["kind"]?.stringValue != "machine"
        else {
            throw TestSetupError(
                "the run \(record.id) did not end by itself (it is \(record.status.rawValue)): replay one that succeeded, or "
                    + "failed of its own")
        }
        let began = ContinuousClock.now
        let thread = try RunThread()
        defer { thread.stop() }
        let declared = await declaration(of: source, in: record)
        let parameters = await declared?.check?.parameters() ?? RecordedDeclaration.Parameters()
        let past = try await copy(of: record, declaring: declared?.text, adding: parameters.added)
        let recorded = try await past.journal(of: record.id, after: 0, limit: .max)
        let clock = VirtualClock(on: thread, start: record.began, hostWaits: 2)
        thread.whenIdle { clock.goOn() }
        let host = RunbookHost(
            catalogue: catalogue, transport: NothingIsSent(), machines: .inProcessOn(thread),
            journaling: Journaling(
                store: past, sealer: sealer, owner: RunOwner(host: "test", boot: "", process: 1, processStart: 1),
                isAlive: { _ in false }),
            clock: clock, logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() })
        let run: Run
        do throws(ResumeError) {
            run = try await host.resume(record.id, source: source, options: RunOptions(grace: .zero))
        } catch { throw TestSetupError("the run \(record.id) cannot be replayed: \(error)") }
        let ending = await RealTime.ending(of: run, on: thread, within: patience)
        thread.whenIdle(nil)
        var verdict = judge(ending, record, further: try await further(recorded, of: record.id, in: past))
        verdict.differences += parameters.differences + (declared?.check?.differences(in: recorded) ?? [])
        let name = source?.name ?? record.runbook
        return TestResult(
            file: name, name: "replays the run \(record.id)", location: verdict.location ?? "\(name):1",
            status: verdict.message.isEmpty && verdict.differences.isEmpty ? .passed : .failed,
            message: verdict.message, differences: verdict.differences, changes: [], log: [],
            duration: ContinuousClock.now - began)
    }

    /// The run in a store of its own, as if it had been cut off behind its last answer.
    ///
    /// - Parameters:
    ///   - manifest: what stands there for the manifest, so that another text of it is no other run.
    ///   - added: parameters that the run had not got, and that the manifest gives a value.
    private func copy(
        of record: RunRecord, declaring manifest: [UInt8]?, adding added: [String: JSONValue]
    ) async throws -> InMemoryStore {
        let copy = InMemoryStore(now: { record.began })
        var open = record
        open.status = .running
        open.ended = nil
        open.error = .null
        open.mode = .run
        let lease = try await copy.begin(open, audit: [])
        var last: Int64 = 0
        var (original, own): ([UInt8], [UInt8]) = ([], [])
        var declaration: UInt32?
        while true {
            var rows = try await store.journal(of: record.id, after: last, limit: Self.page)
            guard !rows.isEmpty else { return copy }
            for index in rows.indices {
                guard rows[index].hash == rows[index].chainHash(after: original) else {
                    throw TestSetupError(
                        "the journal of the run \(record.id) was altered: 'runbook audit verify' tells more")
                }
                original = rows[index].hash
                if let manifest, rows[index].kind == .intent, rows[index].name == "runbook" {
                    rows[index].content = manifest
                    declaration = rows[index].call
                }
                if rows[index].kind == .outcome, rows[index].call == declaration {
                    rows[index].content = Self.adding(added, to: rows[index])
                }
                rows[index].hash = rows[index].chainHash(after: own)
                own = rows[index].hash
                last = rows[index].sequence
            }
            try await copy.append(rows, audit: [], lease: lease, isDurable: false)
        }
    }

    /// The parameters that a run was answered, and others. An answer that is sealed stays as it is.
    private static func adding(_ added: [String: JSONValue], to row: JournalRow) -> [UInt8] {
        guard !added.isEmpty, row.sealed.isEmpty, let values = try? JSONValue(parsing: row.content) else {
            return row.content
        }
        let plain = added.filter { ShownJSON.closed($0.value) == $0.value }
        return JSONValue.object((values.objectValue ?? [:]).merging(plain) { recorded, _ in recorded }).bytes()
    }

    /// What a journal has for the manifest of a source, and the manifest held against the run, unless the replay tells that it
    /// is none; `nil` for no source, or for one that declares nothing.
    private func declaration(
        of source: Runbook?, in record: RunRecord
    ) async -> (text: [UInt8], check: RecordedDeclaration?)? {
        guard let source else { return nil }
        let host = RunbookHost(
            catalogue: catalogue, transport: NothingIsSent(), machines: .inProcess,
            logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() })
        guard let declaration = try? await host.declaration(of: source) else { return nil }
        let text = JSONValue.array([declaration.table]).bytes()
        guard let manifest = try? host.manifest(of: source, declared: declaration),
            let origin = try? RunOrigin(record.sealed, by: sealer, run: record.id, name: record.runbook)
        else { return (text, nil) }
        let earlier = try? await host.manifest(of: origin.runbook)
        return (
            text,
            RecordedDeclaration(
                catalogue: catalogue, manifest: manifest, earlier: earlier, inputs: origin.parameters)
        )
    }

    private static let page = 5_000

    /// The first call that the script makes and that does not stand in the journal.
    private func further(_ recorded: [JournalRow], of run: String, in past: InMemoryStore) async throws -> RecordedCall?
    {
        let made = Set(recorded.filter { $0.kind == .intent }.map(\.call))
        let history = RunHistory(of: try await past.run(run), in: past, catalogue: catalogue, isAlive: { _ in false })
        for try await entry in history.entries {
            if case .call(let call) = entry, !made.contains(call.number), !call.isRestoration { return call }
        }
        return nil
    }

    private func judge(
        _ ending: RealTime.Ending, _ record: RunRecord, further: RecordedCall?
    ) -> (message: String, differences: [Difference], location: String?) {
        let outcome: RunOutcome
        switch ending {
        case .ended(let end): outcome = end
        case .neverBack: return (StuckError.neverBack.message, [], nil)
        case .endless: return (StuckError.overdue("the recorded clock", at: nil, after: patience), [], nil)
        }
        if outcome.status == .cancelled {
            let place = outcome.error?.location
            return (StuckError.overdue("the recorded clock", at: place, after: patience), [], place)
        }
        if outcome.status == .diverged, let error = outcome.error {
            // What follows is advice for those who resume a run.
            var message = error.message.split(separator: ". Nothing was sent.", maxSplits: 1).first ?? ""
            if let lead = message.firstRange(of: "its journal has it: ") { message = message[lead.upperBound...] }
            return ("The script does not do what the run did: \(message).", [], error.location)
        }
        if let further {
            // What the host asks for by itself stands in no line.
            let place = further.line > 0 ? " (line \(further.line))" : ""
            return (
                "Behind the last call of the run the script makes another one: \(further.called)\(place).", [],
                further.line > 0 ? "\(outcome.runbook):\(further.line)" : nil
            )
        }
        var differences: [Difference] = []
        let recorded = record.error["message"]?.stringValue
        if outcome.status != record.status || outcome.error?.message != recorded {
            differences.append(
                Difference(
                    "status", expected: Self.text(record.status, recorded),
                    found: Self.text(outcome.status, outcome.error?.message)))
        }
        if record.status == .succeeded {
            differences += [Comparison.difference(record.result, outcome.result, "result", .full)].compactMap(\.self)
        }
        return ("", differences, outcome.error?.location)
    }

    private static func text(_ status: RunStatus, _ error: String?) -> String {
        error.map { "\(status.rawValue): \($0)" } ?? status.rawValue
    }
}

/// Sends nothing.
private struct NothingIsSent: Transport {
    func send(_ call: OperationCall) async throws(APIError) -> OperationReply {
        throw APIError(
            .denied, operation: call.operation.name,
            message: "the recorded run did not call \(call.operation.name) here; nothing was sent")
    }
}

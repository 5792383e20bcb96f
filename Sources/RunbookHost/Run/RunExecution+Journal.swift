internal import LuaMachine
internal import Operations
internal import Synchronization

extension RunExecution {
    // MARK: The run as a whole

    /// Nothing is run, let alone sent, before it is recorded that the run begins.
    ///
    /// - Returns: why it cannot be recorded.
    func beginJournal() async -> StoreError? {
        guard let journal, let auditor else {
            return options.mode == .run
                ? nil : .unusable("a plan is made and applied only by a host that keeps journals")
        }
        let now = host.clock.unixMilliseconds()
        guard state.withLock({ $0.replay != nil }) else {
            do throws(StoreError) { try await journal.begin(audit: [auditor.began(at: now)]) } catch { return error }
            return nil
        }
        journal.update { record in
            record.status = .running
            record.ended = nil
            record.error = .null
        }
        journal.add(
            JournalRow(
                .resumption, unixMilliseconds: now, runMilliseconds: elapsed.inMilliseconds,
                content: journal.journaling.owner.json.bytes()), audit: [auditor.resumed(at: now)])
        // So that others see who carries it, and that it is under way again.
        do throws(StoreError) { try await journal.durable() } catch { return error }
        return nil
    }

    /// The same for a statement of a session, once it makes its first call.
    func beginOnce() async -> StoreError? {
        guard
            state.withLock({ state in
                defer { state.hasBegun = true }
                return !state.hasBegun
            })
        else { return nil }
        return await beginJournal()
    }

    /// Says while the run is under way that it has an owner.
    func renewLease() -> Task<Void, Never>? {
        guard let journal else { return nil }
        let clock = host.clock
        return Task(executorPreference: host.watch) {
            while !Task.isCancelled {
                do { try await clock.sleep(for: .milliseconds(RunLease.milliseconds / 3)) } catch { return }
                do throws(StoreError) { try await journal.renew() } catch { return }
            }
        }
    }

    /// Records how the run has ended.
    ///
    /// - Returns: the outcome; a run whose end could not be recorded says so.
    func recordEnd(_ outcome: RunOutcome) async -> RunOutcome {
        guard let journal, let auditor else { return outcome }
        let now = host.clock.unixMilliseconds()
        let error = outcome.error
        do throws(StoreError) {
            try await journal.end(audit: [auditor.ended(outcome, error, at: now)]) { record in
                record.status = outcome.status
                record.title = state.withLock(\.manifest)?.title ?? record.title
                record.ended = now
                record.error = error?.json ?? .null
                // What it had done before stays as it was.
                guard outcome.status != .diverged else { return }
                record.duration = outcome.duration.inMilliseconds
                record.calls = outcome.calls
                record.changes = Dictionary(grouping: outcome.changes, by: \.outcome.rawValue).mapValues(\.count)
                record.result = outcome.result
            }
            return outcome
        } catch {
            var outcome = outcome
            let problem = "how the run ended could not be recorded: \(error)"
            if outcome.status == .succeeded { outcome.status = .failed }
            // Whoever has taken the run over tells how it ends, and asks for decisions.
            if case .owned = error {
                outcome.status = .failed
                outcome.error =
                    outcome.error?.kind == "store" ? outcome.error : RunError(.store, message: problem)
            }
            if outcome.error?.kind != "store" { outcome.error = Self.adding(problem, to: outcome.error) }
            return outcome
        }
    }

    // MARK: One call

    /// Writes down that the script makes a call.
    ///
    /// - Parameter refused: why it is not even begun, if so.
    func record(intent prepared: PreparedCall, refused: APIError?) {
        guard let journal else { return }
        var facts: [String: JSONValue] = [:]
        if prepared.request != nil { facts["effect"] = .string(prepared.effect.rawValue) }
        if let refused { facts["refused"] = .string(refused.kind.rawValue) }
        let call = prepared.call
        journal.add(
            JournalRow(
                .intent, call: call.id, task: call.task, position: prepared.position, line: call.line,
                unixMilliseconds: host.clock.unixMilliseconds(), runMilliseconds: elapsed.inMilliseconds,
                name: call.name, content: prepared.content, facts: JSONValue.object(facts).bytes()))
    }

    /// What a change needs before it is sent: that it can be undone, and that it stands in the journal, with everything
    /// before it, whatever happens to this machine.
    ///
    /// - Parameter isAgain: whether an earlier process has done this, and may have sent it.
    /// - Returns: `false` if it must not be sent.
    func prepareChange(
        _ prepared: PreparedCall, _ request: OperationCall, _ change: Int?, isAgain: Bool
    ) async throws(StoreError) -> Bool {
        guard let journal, let auditor else { return true }
        if isAgain {
            // What it changes may be changed by now, so it is not compared with the plan again.
            if options.mode == .apply { _ = takePlanned(prepared, request) }
            try await journal.durable()
            return true
        }
        guard let facts = await describe(prepared, request) else { return false }
        let call = prepared.call, now = host.clock.unixMilliseconds()
        journal.add(
            JournalRow(
                .change, call: call.id, task: call.task, position: prepared.position, line: call.line,
                unixMilliseconds: now, runMilliseconds: elapsed.inMilliseconds, name: call.name,
                facts: JSONValue.object(facts).bytes()),
            audit: [auditor.changeBegan(prepared, facts, at: now)])
        let summary = facts["summary"]?.stringValue.map { known.redactor.redact($0) }
        state.withLock { state in
            state.recent.forget(request)
            if let change { state.changes[change].summary = summary }
            state.changeFacts[call.id] = facts
        }
        try await journal.durable()
        return true
    }

    /// Writes down what a change would do that is only planned.
    func recordPlanned(_ prepared: PreparedCall, _ facts: [String: JSONValue]) {
        guard journal != nil else { return }
        state.withLock { $0.changeFacts[prepared.call.id] = facts }
        journal?.add(
            JournalRow(
                .change, call: prepared.call.id, task: prepared.call.task, position: prepared.position,
                line: prepared.call.line, unixMilliseconds: host.clock.unixMilliseconds(),
                runMilliseconds: elapsed.inMilliseconds, name: prepared.call.name,
                facts: JSONValue.object(facts).bytes()))
    }

    /// The change was written down and then, since the run has ended, not sent.
    func recordNotSent(_ prepared: PreparedCall) {
        guard let journal, let auditor,
            let facts = state.withLock({ $0.changeFacts.removeValue(forKey: prepared.call.id) })
        else { return }
        let now = host.clock.unixMilliseconds()
        journal.add(
            JournalRow(
                .decision, call: prepared.call.id, unixMilliseconds: now, runMilliseconds: elapsed.inMilliseconds,
                name: "not_sent"), audit: [auditor.notSent(prepared, facts, at: now)])
    }

    func record(log level: String, message: String, fields: JSONValue, line: UInt32, task: UInt32) {
        guard let journal else { return }
        let content: JSONValue = ["message": .string(message), "fields": fields]
        journal.add(
            JournalRow(
                .log, task: task, line: line, unixMilliseconds: host.clock.unixMilliseconds(),
                runMilliseconds: elapsed.inMilliseconds, name: level, content: content.bytes()))
    }

    /// The host itself is about to make a change that gives back what an update has taken. It can be made again, and is not
    /// kept from being made by a store that fails.
    ///
    /// - Returns: what is known of the change.
    func recordRestoration(_ request: OperationCall) async -> [String: JSONValue] {
        guard let journal, let auditor else { return [:] }
        var shadow = Shadow()
        let facts = facts(of: shadow.apply(request, reads: [], answers: []))
        let now = host.clock.unixMilliseconds()
        journal.add(
            JournalRow(
                .restoration, unixMilliseconds: now, runMilliseconds: elapsed.inMilliseconds,
                name: request.operation.name, content: journal.digest.content(of: .object(request.arguments)),
                facts: JSONValue.object(facts).bytes()),
            audit: [auditor.restored(request, facts, nil, at: now)])
        do throws(StoreError) { try await journal.durable() } catch {}
        return facts
    }

    func recordRestored(
        _ request: OperationCall, _ facts: [String: JSONValue], _ outcome: ChangeRecord.Outcome
    ) {
        guard let journal, let auditor else { return }
        journal.add(
            nil, audit: [auditor.restored(request, facts, outcome, at: host.clock.unixMilliseconds())])
    }

    // MARK: Answers

    /// What the journal keeps of an answer besides the answer.
    func facts(_ reply: OperationReply? = nil, start: Duration) -> [String: JSONValue] {
        var facts: [String: JSONValue] = ["ms": .integer((host.clock.monotonic() - start).inMilliseconds)]
        if let reply {
            facts["status"] = .integer(Int64(reply.status))
            if reply.attempts > 1 { facts["attempts"] = .integer(Int64(reply.attempts)) }
        }
        return facts
    }

    /// Answers a call: the journal has the answer first, and in the order in which the machine gets it.
    ///
    /// - Parameters:
    ///   - secrets: what `json` refers to, by number.
    ///   - isConfidential: whether `json` itself is a secret.
    ///   - facts: see ``JournalRow/facts``.
    ///   - isRecorded: `false` for what is no answer, such as that the run has ended.
    func reply(
        _ prepared: PreparedCall, reading: MachineReply.Reading = [], _ json: [UInt8],
        secrets: [Int: SecretValue] = [:], isConfidential: Bool = false, facts: [String: JSONValue] = [:],
        isRecorded: Bool = true
    ) {
        delivery.withLock { _ in
            let unix = host.clock.unixMilliseconds(), run = elapsed.inMilliseconds
            if isRecorded, let journal, let auditor {
                var row = JournalRow(
                    .outcome, call: prepared.call.id, flags: reading.rawValue, unixMilliseconds: unix,
                    runMilliseconds: run, facts: facts.isEmpty ? [] : JSONValue.object(facts).bytes())
                if isConfidential {
                    row.sealed = SealedAnswer(content: json, secrets: secrets).sealed(
                        by: journal.journaling.sealer, run: id)
                } else {
                    row.content = json
                    if !secrets.isEmpty {
                        row.sealed = SealedAnswer(content: nil, secrets: secrets)
                            .sealed(by: journal.journaling.sealer, run: id)
                    }
                }
                let (calls, changes, change) = state.withLock { state in
                    (
                        state.budget.calls, state.budget.changes,
                        prepared.isChange ? state.changeFacts.removeValue(forKey: prepared.call.id) : nil
                    )
                }
                let audit = auditor.answered(
                    prepared, isError: reading.contains(.error), (change ?? [:]).merging(facts) { $1 }, calls: calls,
                    changes: changes, at: unix)
                // Without it a person would have to decide, and the answer would be lost.
                let isPressing = prepared.isChange && !prepared.effect.maySendAgain
                journal.add(row, audit: audit.map { [$0] } ?? [], isPressing: isPressing)
            }
            state.withLock(\.machine)?.reply(
                MachineReply(
                    id: prepared.call.id, reading: reading, json: json, unixMilliseconds: unix, runMilliseconds: run))
        }
    }

    func reply(
        _ prepared: PreparedCall, raising error: APIError, facts: [String: JSONValue] = [:], isRecorded: Bool = true
    ) {
        // A server may repeat what it was sent.
        let redactor = known.redactor
        var members: [String: JSONValue] = [
            "kind": .string(error.kind.rawValue), "message": .string(redactor.redact(error.message)),
            "operation": .string(error.operation),
        ]
        if let status = error.status { members["status"] = .integer(Int64(status)) }
        if !error.details.isNull { members["details"] = redactor.redact(error.details) }
        var facts = facts
        facts["error"] = .string(error.kind.rawValue)
        if let status = error.status { facts["status"] = .integer(Int64(status)) }
        reply(prepared, reading: .error, JSONValue.object(members).bytes(), facts: facts, isRecorded: isRecorded)
    }

    // MARK: Unknown outcomes

    /// Ends the run so that it can be taken up again: the server may have carried a call out that may be sent again, and
    /// cannot be asked now.
    func leaveUnsettled(_ prepared: PreparedCall, _ what: String) {
        end(
            .failed,
            RunError(
                .unsettled,
                message: stage == nil
                    ? "\(what). Nothing is lost: go on with 'runbook resume \(id)' once that is mended"
                    : "\(what). Look at the server, and then do it again if it was not done",
                location: "\(runbook.name):\(prepared.call.line)"))
    }

    /// Ends the run: nobody knows whether a change was carried out that must not be made twice.
    func leaveUndecided(_ prepared: PreparedCall, _ error: APIError?) {
        let what = error.map { " (\($0.message))" } ?? ""
        if stage != nil {
            return end(
                .failed,
                RunError(
                    .unsettled,
                    message:
                        "it is unknown whether the server carried out \(prepared.call.name)\(what), and it is not sent again: look at "
                        + "the server, and then do it again if it was not done",
                    location: "\(runbook.name):\(prepared.call.line)"))
        }
        state.withLock { $0.undecided.append((prepared.call.id, prepared.call.name, prepared.call.line, what)) }
        end(
            .needsDecision,
            .undecided(id, [(prepared.call.id, prepared.call.name, prepared.call.line)], what, runbook.name))
    }
}

extension RunError {
    /// A person must say what became of some calls.
    static func undecided(
        _ run: String, _ calls: [(id: UInt32, name: String, line: UInt32)], _ what: String, _ file: String
    ) -> RunError {
        let texts = calls.map { "call \($0.id), \($0.name)" }.joined(separator: "; ")
        let first = calls.first
        return RunError(
            .decision,
            message:
                "it is unknown whether the server carried out \(texts)\(what), and to send it again could do harm. Look "
                + "at the server, then say so with 'runbook decide \(run) \(first?.id ?? 0) --sent' (--value gives what it "
                + "answered) or '--not-sent', and go on with 'runbook resume \(run)'",
            location: first.map { "\(file):\($0.line)" })
    }
}

internal import Logging
internal import LuaMachine
internal import Operations
internal import Synchronization

/// Going through the journal again: every call must be the one that stands there and gets the answer that stands there.
/// Nothing is sent before all of it fitted.
extension RunExecution {
    /// Takes a call that the script makes while the journal is gone through.
    func replay(_ prepared: PreparedCall) {
        let sealer = journal?.journaling.sealer
        let matched: Result<Replay.Entry?, Replay.Divergence> = state.withLock { state in
            Result { () throws(Replay.Divergence) in try state.replay?.match(prepared, sealer) }
        }
        switch matched {
        case .failure(let fault): end(.diverged, divergence(fault))
        case .success(nil): break
        case .success(let entry?):
            account(for: entry, prepared)
            // The manifest's limits hold for whatever comes after it.
            if case .function(.declare) = prepared.callee { giveAnswers(of: entry, prepared) }
        }
    }

    /// Gives the script all the answers of the journal, once its manifest is known.
    ///
    /// They are given ahead of the calls, which come back later and are compared then: that spares a way to the worker and
    /// back for each.
    func beginReplay() {
        if state.withLock({ $0.replay?.beginsWithManifest != true }) { giveAnswers() }
    }

    private func giveAnswers(of declaration: Replay.Entry, _ prepared: PreparedCall) {
        guard declaration.outcome != nil else { return }
        giveAnswers()
        // What the parameters are is known by now, as their secrets are.
        guard let row = declaration.outcome, let values = try? JSONValue(parsing: answer(in: row)) else { return }
        state.withLock { $0.parameters = $0.vault.open(values).objectValue ?? [:] }
    }

    private func giveAnswers() {
        let rows = state.withLock { $0.replay?.answers() ?? [] }
        var replies: [MachineReply] = []
        replies.reserveCapacity(rows.count)
        for row in rows {
            var json = row.content
            if !row.sealed.isEmpty, let journal {
                do throws(Sealer.OpenError) {
                    let sealed = try SealedAnswer(row.sealed, by: journal.journaling.sealer, run: id)
                    json = sealed.content ?? json
                    state.withLock { $0.vault.restore(sealed.secrets) }
                } catch {
                    return end(.failed, RunError(.store, message: "the run cannot be resumed: \(error)"))
                }
            }
            replies.append(
                MachineReply(
                    id: row.call, reading: MachineReply.Reading(rawValue: row.flags), json: json,
                    unixMilliseconds: row.unixMilliseconds, runMilliseconds: row.runMilliseconds))
        }
        let machine = state.withLock(\.machine)
        machine?.replay(replies)
        machine?.synchronize()
    }

    /// The script has got every answer of the journal and can do nothing more by itself.
    func replayIsWaiting() {
        guard isGoingOn, let isComplete = state.withLock({ $0.replay?.isComplete }) else { return }
        if isComplete { return goOn() }
        end(.diverged, divergence(state.withLock { $0.replay?.leftover }))
    }

    /// The script has ended, perhaps with the last answer of the journal.
    ///
    /// - Returns: whether it had done by then all that stands there.
    func endReplay() -> Bool {
        state.withLock { state in
            guard let replay = state.replay, state.ending == nil else { return true }
            if replay.isComplete { state.replay = nil }
            return replay.isComplete
        }
    }

    /// What an earlier process decided and counted for a call, again.
    private func account(for entry: Replay.Entry, _ prepared: PreparedCall) {
        let facts = (try? JSONValue(parsing: entry.row.facts)) ?? .null
        guard facts["refused"] == nil else { return }
        if case .function(let function) = prepared.callee {
            return accountAgain(for: function, prepared, isDone: entry.outcome.map { !$0.isError } ?? false)
        }
        guard let change = count(prepared).change else { return }
        if options.mode == .apply, entry.mayBeSent, let row = entry.outcome, let request = prepared.request {
            _ = takePlanned(prepared, request)
            noteCreated(prepared.call.id, answer(in: row))
        }
        let outcome: ChangeRecord.Outcome
        if let row = entry.outcome {
            let delivery = (try? JSONValue(parsing: row.facts))?["delivery"]?.stringValue
            outcome =
                !row.isError ? .done : delivery == APIError.Delivery.unknown.rawValue ? .unknown : .failed
        } else {
            outcome = .pending
        }
        state.withLock { state in
            state.changes[change].outcome = outcome
            state.replay?.note(change: change, of: prepared.call.id)
        }
    }

    /// The answer in a row, also one that was sealed as a whole; empty if it cannot be opened.
    private func answer(in row: JournalRow) -> [UInt8] {
        guard row.content.isEmpty, !row.sealed.isEmpty, let journal else { return row.content }
        return (try? SealedAnswer(row.sealed, by: journal.journaling.sealer, run: id))?.content ?? []
    }

    /// All of the journal fitted: what has no answer is taken up, then what the script asked for since.
    private func goOn() {
        let replay = state.withLock { $0.replay.take() }
        guard let replay else { return }
        journal?.update { record in
            record.runbook = runbook.name
            record.sha256 = runbook.sha256
            record.signedBy = host.policy.signatures.signer(of: runbook)
            record.sealed = origin
        }
        for entry in replay.unanswered {
            guard let prepared = entry.prepared, isGoingOn else { return }
            takeUp(entry, prepared)
        }
        for prepared in replay.held where isGoingOn { decide(prepared) }
    }

    /// Goes on with a call that was made and not answered.
    private func takeUp(_ entry: Replay.Entry, _ prepared: PreparedCall) {
        if case .function(let function) = prepared.callee {
            return handle(function, prepared, madeAt: entry.row.unixMilliseconds)
        }
        guard let request = prepared.request else {
            // It was refused then, and its refusal was not written down any more.
            return reply(prepared, raising: prepared.fault ?? unknownOperation(prepared))
        }
        guard entry.mayBeSent else {
            // It was not sent: what is allowed now counts.
            do throws(APIError) {
                if entry.isRefused { return try begin(prepared, isRecorded: true) }
                try permit(request.operation.capability, request.operation.name)
            } catch { return reply(prepared, raising: error) }
            return perform(prepared.call.id, isChange: prepared.isChange) { execution in
                await execution.send(prepared, request, change: entry.change)
            }
        }
        state.withLock { state in
            state.changeFacts[prepared.call.id] = entry.facts.objectValue ?? [:]
            if let change = entry.change { state.changes[change].summary = entry.facts["summary"]?.stringValue }
        }
        perform(prepared.call.id, isChange: prepared.isChange) { execution in
            guard request.operation.effect == .reconcilable else {
                return await execution.send(prepared, request, change: entry.change, isAgain: true)
            }
            if execution.options.mode == .apply { _ = execution.takePlanned(prepared, request) }
            await execution.settle(prepared, request, change: entry.change)
        }
    }

    private func unknownOperation(_ prepared: PreparedCall) -> APIError {
        APIError(.invalidArgument, operation: prepared.call.name, message: "there is no such operation.")
    }

    func divergence(_ fault: Replay.Divergence?) -> RunError {
        let isOtherVersion = journal.map { $0.record.prelude != RunbookHost.preludeHash } ?? false
        return RunError(
            .diverged,
            message:
                "the run does not go as its journal has it: \(fault?.message ?? "it ended early"). Nothing was sent. "
                + (isOtherVersion
                    ? "It began under another version of runbook, which reads the same source otherwise: resume it with that one"
                    : "Resume it with the source that it began with"),
            location: fault?.line.map { "\(runbook.name):\($0)" })
    }
}

extension JournalRow {
    /// Whether an outcome is an error that was raised in the script.
    var isError: Bool { MachineReply.Reading(rawValue: flags).contains(.error) }
}

internal import LuaMachine
public import Operations

extension RunbookHost {
    /// Records what a person says became of a call whose outcome is unknown. The run can then be taken up again.
    ///
    /// - Parameters:
    ///   - id: the run's id.
    ///   - call: the call's number, as the run's error and `runbook show RUN --calls` name it.
    ///   - wasSent: whether the server carried it out; if not, it is made again.
    ///   - value: what the script gets of the answer, if it was carried out: such as a new user's id. A secret where a
    ///     secret is due. Default: nothing.
    ///   - actor: who says so.
    /// - Throws: ``ResumeError``.
    public func decide(
        run id: String, call: UInt32, wasSent: Bool, value: JSONValue = .null, actor: String
    ) async throws(ResumeError) {
        do {
            try await decided(id, call, wasSent, value, actor)
        } catch let error as ResumeError {
            throw error
        } catch let error as StoreError {
            throw .store(error)
        } catch let fault as Replay.Divergence {
            throw .diverged(fault.message)
        } catch { throw .refused("\(error)") }
    }

    private func decided(_ id: String, _ call: UInt32, _ wasSent: Bool, _ value: JSONValue, _ actor: String)
        async throws
    {
        guard let journaling else { throw ResumeError.refused("this host keeps no journals") }
        let store = journaling.store
        var record = try await store.run(id)
        if let reason = record.whyNotResumed { throw ResumeError.refused(reason) }
        let lease = try await store.acquire(run: record.id, owner: journaling.owner, isAlive: journaling.isAlive)
        record = try await store.run(record.id)
        record.owner = journaling.owner
        let status = record.status
        do {
            let replay = try await replay(of: record.id, in: store)
            guard let entry = replay.unknown.first(where: { $0.row.call == call }) else {
                let open = replay.unknown.map { "\($0.row.call) (\($0.row.name))" }
                throw ResumeError.refused(
                    "call \(call) of the run \(record.id) has a known outcome, or there is no such call; "
                        + (open.isEmpty
                            ? "none waits for a decision" : "these wait for one: \(open.joined(separator: ", "))"))
            }
            var rows = [
                JournalRow(
                    .decision, call: call, unixMilliseconds: clock.unixMilliseconds(), runMilliseconds: replay.elapsed,
                    name: wasSent ? "sent" : "not_sent", facts: JSONValue.object(["actor": .string(actor)]).bytes())
            ]
            if wasSent {
                rows.append(
                    answer(to: entry, value, unixMilliseconds: clock.unixMilliseconds(), replay, journaling, record.id))
            }
            var (sequence, hash) = (replay.sequence, replay.hash)
            for index in rows.indices {
                sequence += 1
                rows[index].sequence = sequence
                hash = rows[index].chainHash(after: hash)
                rows[index].hash = hash
            }
            // With nothing left to decide it waits for nothing but to be taken up.
            record.status = undecided(of: replay).count > 1 ? .needsDecision : .cancelled
            try await store.update(
                record, rows: rows,
                audit: [
                    Auditor(record, sealer: journaling.sealer).decided(
                        entry.row, entry.facts, wasSent: wasSent, actor: actor, at: clock.unixMilliseconds())
                ], lease: lease)
        } catch {
            // The right to write is given back with the status that the run had.
            record.status = status == .running ? .cancelled : status
            try? await store.update(record, rows: [], audit: [], lease: lease)
            throw error
        }
    }

    /// The outcome that a person has told of.
    private func answer(
        to entry: Replay.Entry, _ value: JSONValue, unixMilliseconds: Int64, _ replay: Replay, _ journaling: Journaling,
        _ run: String
    ) -> JournalRow {
        var vault = SecretVault()
        vault.skip(to: SecretVault.decided + Int(entry.row.call))
        let sealed = vault.seal(value)
        var row = JournalRow(
            .outcome, call: entry.row.call,
            flags: value.isNull ? MachineReply.Reading.nothing.rawValue : MachineReply.Reading.secrets.rawValue,
            unixMilliseconds: unixMilliseconds, runMilliseconds: replay.elapsed,
            content: value.isNull ? [] : sealed.value.bytes(),
            facts: JSONValue.object(["decided": true]).bytes())
        if !sealed.secrets.isEmpty {
            row.sealed = SealedAnswer(content: nil, secrets: sealed.secrets).sealed(by: journaling.sealer, run: run)
        }
        return row
    }
}

internal import LuaMachine
internal import Operations

extension RunbookHost {
    /// What takes the changes of a run back, as far as its journal has what was before.
    ///
    /// - Throws: ``ResumeError`` if there is no such run, or its journal was altered.
    public func undo(_ id: String) async throws(ResumeError) -> Undo {
        do { return try await undone(id) } catch let error as ResumeError {
            throw error
        } catch let error as StoreError {
            throw .store(error)
        } catch let fault as Replay.Divergence {
            throw .diverged(fault.message)
        } catch { throw .refused("\(error)") }
    }

    private func undone(_ id: String) async throws -> Undo {
        guard let journaling else { throw ResumeError.refused("this host keeps no journals") }
        let record = try await journaling.store.run(id)
        guard record.mode != .plan else {
            throw ResumeError.refused("the run \(record.id) only made a plan: there is nothing to take back")
        }
        let replay = try await replay(of: record.id, in: journaling.store)
        var made: [MadeChange] = []
        for entry in replay.made {
            guard let operation = catalogue[entry.row.name] else { continue }
            let facts = entry.facts
            let arguments = (try? JSONValue(parsing: entry.row.content))?.objectValue ?? [:]
            made.append(
                MadeChange(
                    call: OperationCall(checked: operation, arguments: arguments), image: facts["image"],
                    result: entry.outcome.flatMap { try? JSONValue(parsing: $0.content) },
                    target: facts["target"].flatMap { ChangeTarget($0) }))
        }
        let (steps, impossible) = Inverse.plan(made)
        let losses = impossible.map { change, reason in
            Undo.Loss(
                summary: "\(change.call.operation.name) \(change.target?.name ?? change.target?.id ?? "")",
                reason: reason)
        }
        let secrets = try replay.secrets(journaling.sealer, run: record.id)
        return Undo(run: record.id, steps: steps, losses: losses, secrets: secrets, catalogue: catalogue)
    }
}

extension Replay {
    /// Every secret that an answer gave the script.
    fileprivate func secrets(_ sealer: Sealer, run: String) throws(Sealer.OpenError) -> [SecretValue] {
        var secrets: Set<SecretValue> = []
        for entry in entries.values {
            guard let sealed = entry.outcome?.sealed, !sealed.isEmpty else { continue }
            secrets.formUnion(try SealedAnswer(sealed, by: sealer, run: run).secrets.values)
        }
        return Array(secrets)
    }

    /// The changes that were or may have been made, in the order in which they were begun.
    fileprivate var made: [Entry] {
        entries.values.filter { $0.mayBeSent && $0.outcome?.isError != true }.sorted { $0.begun < $1.begun }
    }
}

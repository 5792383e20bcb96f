internal import Logging
internal import Operations
internal import Synchronization

extension RunExecution {
    /// Gives back the access that updates under way have taken from users, when the run has ended before the script did so.
    ///
    /// - Returns: What could not be given back, a sentence each.
    func restoreAccess() async -> [String] {
        let unfinished = state.withLock { $0.composites.takeUnfinished($0.changes) }
        // Whoever has taken the run over makes them too.
        guard !unfinished.isEmpty, await journal?.isTakenOver() != true else { return [] }
        var problems: [String] = []
        for (update, restorations) in unfinished {
            for restoration in restorations where !(await restore(restoration, after: update)) {
                problems.append(
                    "A user has lost access by an update whose run ended, and it could not be given back: do so with \(restoration.text)"
                )
            }
        }
        return problems
    }

    /// - Parameter update: The place of the update among the changes.
    private func restore(_ restoration: Composites.Restoration, after update: Int) async -> Bool {
        guard let operation = host.catalogue[restoration.operation],
            let bound = try? operation.bind(restoration.arguments)
        else { return false }
        let change = state.withLock { state in
            _ = state.budget.spend(operation.effect, isReserved: true)
            state.changes.append(
                ChangeRecord(
                    operation: operation.name, arguments: JSONValue.object(bound).shortened(),
                    line: state.changes[update].line,
                    outcome: .pending))
            return state.changes.count - 1
        }
        let request = OperationCall(checked: operation, arguments: bound)
        let facts = await recordRestoration(request)
        let start = host.clock.monotonic()
        let (clock, transport, grace) = (host.clock, host.transport, options.grace)
        let sending = Task(executorPreference: host.watch) { () async -> Result<OperationReply, APIError> in
            do throws(APIError) { return .success(try await transport.send(request)) } catch { return .failure(error) }
        }
        let patience = Task(executorPreference: host.watch) {
            do { try await clock.sleep(for: grace) } catch { return }
            sending.cancel()
        }
        defer { patience.cancel() }
        switch await sending.value {
        case .success(let reply):
            record(request, change, .done, start, ["status": .stringConvertible(reply.status)])
            recordRestored(request, facts, .done)
            return true
        case .failure(let error):
            let outcome: ChangeRecord.Outcome = error.delivery == .unknown ? .unknown : .failed
            record(request, change, outcome, start, ["error": .string(error.kind.rawValue)])
            recordRestored(request, facts, outcome)
            return false
        }
    }
}

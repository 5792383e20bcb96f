internal import Operations
internal import Synchronization

/// What is known of a change before it is sent.
extension RunExecution {
    /// What the journal says of a change: what it is about, what it changes, what an undo needs.
    ///
    /// - Returns: `nil` if the plan that is being applied does not have it so; the run then ends.
    func describe(_ prepared: PreparedCall, _ request: OperationCall) async -> [String: JSONValue]? {
        if options.mode == .apply { return await describePlanned(prepared, request) }
        // What the host promised to give back is a part of the update before it, whose image has it.
        let reads =
            prepared.isPromised && request.operation.name != "users.update"
            ? [] : Inverse.reads(before: request, in: host.catalogue)
        var answers: [Result<OperationReply, APIError>] = []
        for read in reads {
            if let recent = recentAnswer(to: read) {
                answers.append(.success(recent))
            } else {
                answers.append(await readBeside(read))
            }
        }
        var shadow = Shadow()
        let change = shadow.apply(request, reads: reads, answers: answers)
        return facts(of: change)
    }

    func facts(of change: PredictedChange) -> [String: JSONValue] {
        var facts: [String: JSONValue] = ["summary": .string(change.summary)]
        if let target = change.target { facts["target"] = target.json }
        if !change.changes.isEmpty { facts["changes"] = .array(change.changes.map(\.json)) }
        if change.hasNoEffect { facts["no_effect"] = true }
        facts["image"] = change.image
        return facts
    }

    /// A read of the host's own, beside what the script asks for.
    func readBeside(_ call: OperationCall) async -> Result<OperationReply, APIError> {
        do throws(APIError) {
            return .success(try await host.transport.send(call) { [self] in isGoingOn })
        } catch { return .failure(error) }
    }

    /// What the server would have answered, if a read tells that it has carried a creation out.
    func reconciled(_ request: OperationCall) async -> OperationReply? {
        guard let reconciliation = Reconciliation(request) else { return nil }
        var index: Int64 = 0
        while let page = reconciliation.page(index, in: host.catalogue) {
            guard case .success(let reply) = await readBeside(page),
                let (user, hasMore) = try? reconciliation.found(in: reply)
            else { return nil }
            if let user { return reconciliation.isSame(user) ? reconciliation.reply(for: user) : nil }
            guard hasMore else { return nil }
            index += 1
        }
        return nil
    }

    // MARK: What was read a moment ago

    /// Keeps an answer that a change soon after may need as the state before it.
    func keepRecent(_ request: OperationCall, _ reply: OperationReply) {
        guard journal != nil, options.mode == .run, RecentReads.isOfUse(request) else { return }
        let now = host.clock.monotonic()
        state.withLock { $0.recent.keep(request, reply, at: now) }
    }

    private func recentAnswer(to read: OperationCall) -> OperationReply? {
        let now = host.clock.monotonic()
        return state.withLock { $0.recent.answer(to: read, at: now) }
    }
}

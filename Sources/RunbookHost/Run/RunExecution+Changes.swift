internal import Logging
internal import LuaMachine
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

    /// What a read tells of a creation whose answer is not known.
    enum Trace: Sendable {
        /// It was carried out; what the server would have answered.
        case found(OperationReply)
        /// It was not, or somebody else has made the same.
        case absent
        /// That cannot be read now.
        case unreadable(APIError?)
    }

    /// Finds out whether a creation was carried out whose answer is not known; if it was not it is sent again.
    func settle(_ prepared: PreparedCall, _ request: OperationCall, change: Int?) async {
        let start = host.clock.monotonic()
        switch await reconciled(request) {
        case .found(let reply):
            record(request, change, .done, start, ["found": "by reading back"])
            do throws(APIError) { try answer(prepared, reply, start: start) } catch {
                self.reply(prepared, raising: error, facts: facts(start: start))
            }
        case .absent: await send(prepared, request, change: change, isAgain: true)
        case .unreadable(let error):
            let why = error.map { ", and it cannot be asked now: \($0.message)" } ?? ""
            record(request, change, .unknown, start, ["error": "unknown"])
            leaveUnsettled(
                prepared,
                "it is unknown whether the server carried out call \(prepared.call.id), \(prepared.call.name)\(why)")
        }
    }

    func reconciled(_ request: OperationCall) async -> Trace {
        guard let reconciliation = Reconciliation(request) else { return .unreadable(nil) }
        var index: Int64 = 0
        while let page = reconciliation.page(index, in: host.catalogue) {
            let reply: OperationReply
            switch await readBeside(page) {
            case .success(let page): reply = page
            case .failure(let error): return .unreadable(error)
            }
            guard let (user, hasMore) = try? reconciliation.found(in: reply) else { return .unreadable(nil) }
            if let user { return reconciliation.isSame(user) ? .found(reconciliation.reply(for: user)) : .absent }
            guard hasMore else { return .absent }
            index += 1
        }
        return .unreadable(nil)
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

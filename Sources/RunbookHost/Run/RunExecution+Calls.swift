internal import LuaMachine
internal import Logging
internal import Operations
internal import Synchronization

extension RunExecution {
    // MARK: One call

    /// Decides, in the order of the calls, whether a call is made; then makes it beside the loop.
    func handle(_ call: MachineCall, _ machine: any LuaMachine) {
        guard isGoingOn else { return }
        let function = HostFunction(rawValue: call.name)
        if function != .declare, function != .clock, options.requiresManifest, !state.withLock(\.isDeclared) {
            return end(.failed, .late(call.name, runbook.name, line: call.line))
        }
        guard let arguments = (try? JSONValue(parsing: call.arguments))?.arrayValue else {
            return end(.failed, .unreadable("the arguments of \(call.name)"))
        }
        let (opened, position) = state.withLock { state -> ([JSONValue], UInt32) in
            if stage != nil, !state.operations.contains(call.name) { state.operations.append(call.name) }
            state.positions[call.task, default: 0] += 1
            return (arguments.map { state.vault.open($0) }, state.positions[call.task] ?? 0)
        }
        var prepared = PreparedCall(
            call, arguments: opened, position: position, catalogue: host.catalogue, digest: journal?.digest)
        // Also a plain string that was passed where a secret is due.
        if let request = prepared.request, !request.operation.isFreeOfSecrets { known.add(.object(request.arguments)) }
        prepared.isPromised = prepared.isChange && state.withLock { $0.composites.isPromised(to: call.task) }
        if state.withLock({ $0.replay != nil }) { return replay(prepared) }
        decide(prepared)
    }

    /// The gate, for a call that is new: arguments, policy, budget; then the transport.
    func decide(_ prepared: PreparedCall) {
        if case .function(let function) = prepared.callee {
            record(intent: prepared, refused: nil)
            return handle(function, prepared)
        }
        do throws(APIError) { try begin(prepared) } catch {
            record(intent: prepared, refused: error)
            reply(prepared, raising: error)
        }
    }

    /// - Parameter isRecorded: whether the journal has the call already.
    func begin(_ prepared: PreparedCall, isRecorded: Bool = false) throws(APIError) {
        guard let request = prepared.request else {
            throw prepared.fault ?? APIError(.invalidArgument, operation: prepared.call.name, message: "there is none.")
        }
        let operation = request.operation, call = prepared.call
        try permit(operation.capability, operation.name)
        try permit(typed: operation)
        let (change, reached) = count(prepared)
        if let reached { return stop(at: reached, call) }
        if !isRecorded { record(intent: prepared, refused: nil) }
        // More after the check than before: a plain string was sealed.
        let secrets = JSONValue.object(request.arguments).secretCount
        if secrets > 0, secrets > JSONValue.array(prepared.arguments).secretCount {
            logger.warning(
                "a plain string was passed where a secret is due; use secrets.generate or a parameter of type secret",
                metadata: ["operation": .string(operation.name), "line": .stringConvertible(call.line)])
        }
        announce(operation)
        perform(call.id, isChange: operation.effect.isChange) { execution in
            await execution.send(prepared, request, change: change)
        }
    }

    /// Counts a call against the budget, and a change among the run's changes.
    ///
    /// - Returns: the place of the change, and the limit that it would pass.
    func count(_ prepared: PreparedCall) -> (change: Int?, reached: ReachedLimit.Name?) {
        guard let request = prepared.request else { return (nil, nil) }
        let operation = request.operation, call = prepared.call
        return state.withLock { state in
            let isPromised = operation.effect.isChange && state.composites.isPromised(to: call.task)
            if let limit = state.budget.spend(operation.effect, isReserved: isPromised) {
                return (nil, limit)
            }
            guard operation.effect.isChange else { return (nil, nil) }
            if isPromised { state.composites.use(in: call.task, operation.name, change: state.changes.count) }
            state.changes.append(
                ChangeRecord(
                    operation: operation.name,
                    arguments: JSONValue.object(known.redactor.redact(request.arguments)).shortened(),
                    line: Int(call.line), outcome: .pending))
            return (state.changes.count - 1, nil)
        }
    }

    private func announce(_ operation: Operation) {
        guard let observer = options.observer else { return }
        let (calls, changes) = state.withLock { ($0.budget.calls, $0.budget.changes) }
        observer(.call(calls: calls, changes: changes, operation: operation.name))
    }

    func permit(_ capability: Capability, _ operation: String) throws(APIError) {
        let needs = state.withLock { state in
            options.requiresManifest || state.isDeclared ? state.manifest?.needs ?? [] : nil
        }
        if let refusal = host.policy.refusal(of: capability, needs: needs) {
            throw APIError(.denied, operation: operation, message: "\(refusal). Nothing was sent.")
        }
    }

    /// Runs `work` beside the loop and keeps it known until it is done.
    ///
    /// - Parameter mayBlock: whether it may wait for a person: then it has a thread of its own, and the end of the run
    ///   does not wait for it.
    func perform(
        _ id: UInt32, isChange: Bool = false, mayBlock: Bool = false,
        _ work: @escaping @Sendable (RunExecution) async -> Void
    ) {
        if mayBlock {
            Task.detached { await work(self) }
            return
        }
        state.withLock { $0.inFlight[id] = InFlight(task: nil, isChange: isChange) }
        // At once, up to where it first waits: a call that is answered at once costs no change of tasks.
        let task = Task.immediate(executorPreference: host.machines.executor) { [self] in
            await work(self)
            state.withLock { _ = $0.inFlight.removeValue(forKey: id) }
        }
        state.withLock { $0.inFlight[id]?.task = task }
    }

    /// Carries a call out and answers it.
    ///
    /// - Parameter isAgain: whether an earlier process may have sent it already.
    func send(_ prepared: PreparedCall, _ request: OperationCall, change: Int?, isAgain: Bool = false) async {
        let operation = request.operation
        let start = host.clock.monotonic()
        do throws(APIError) {
            if options.mode == .plan, change != nil || host.handlers[operation.name] == nil {
                let reply = try await plan(prepared, request, change: change)
                return try answer(prepared, reply, start: start)
            }
            if let journal {
                var mayBeSent = true
                do throws(StoreError) {
                    if change == nil {
                        try await journal.keepUp()
                    } else {
                        mayBeSent = try await prepareChange(prepared, request, change, isAgain: isAgain)
                    }
                } catch { throw unsent(operation) }
                guard mayBeSent else { throw unsent(operation) }
            }
            if let handler = host.handlers[operation.name] {
                guard isGoingOn, await mayStillChange(change) else { throw unsent(operation) }
                let value = try await handler(request)
                record(request, change, .done, start, [:])
                let sealed = state.withLock { $0.vault.seal(value) }
                return self.reply(
                    prepared, reading: .secrets, sealed.value.bytes(), secrets: sealed.secrets,
                    facts: facts(start: start))
            }
            let reply = try await transmit(request, change: change)
            if change == nil { keepRecent(request, reply) }
            record(request, change, .done, start, ["status": .stringConvertible(reply.status)])
            try answer(prepared, reply, start: start)
        } catch {
            await failed(prepared, request, change, error, start, isAgain: isAgain)
        }
    }

    /// Answers a call with what the server said.
    func answer(_ prepared: PreparedCall, _ reply: OperationReply, start: Duration) throws(APIError) {
        guard let operation = prepared.request?.operation else { return }
        var secrets: [Int: SecretValue] = [:]
        let encoding = try ReplyEncoding(
            reply, of: operation, keepsLinks: prepared.keepsLinks, secretNames: secretNames
        ) { value in
            let sealed = state.withLock { $0.vault.seal(value) }
            secrets = sealed.secrets
            return sealed.value
        }
        var facts = journal == nil ? [:] : facts(reply, start: start)
        if prepared.isChange, options.mode == .plan { facts["planned"] = true }
        if options.mode == .apply { noteCreated(prepared.call.id, encoding.json) }
        self.reply(prepared, reading: encoding.reading, encoding.json, secrets: secrets, facts: facts)
    }

    /// Sends a call as long as it is wanted, and a change only as long as nobody else can have taken the run over.
    private func transmit(_ request: OperationCall, change: Int?) async throws(APIError) -> OperationReply {
        while true {
            do throws(APIError) {
                return try await host.transport.send(request) { [self] in
                    isGoingOn && (change == nil || journal?.holdsLease ?? true)
                }
            } catch {
                // Others may have made it since, if this process stood still before it was sent.
                guard error.delivery == .notSent, change != nil, isGoingOn, journal?.holdsLease == false,
                    await mayStillChange(change)
                else { throw error }
            }
        }
    }

    /// Whether the run is still this process's, which has to ask if it stood still for long; ends the run if it is not.
    private func mayStillChange(_ change: Int?) async -> Bool {
        guard change != nil, let journal, !journal.holdsLease else { return true }
        if await !journal.isTakenOver(), journal.holdsLease { return true }
        end(
            .failed,
            RunError(
                .store,
                message:
                    "this process stood still, or could not write to the store, for longer than a run is kept for it, "
                    + "and another may have taken the run over: nothing more was sent. See how it stands: 'runbook show \(id)'"
            ))
        return false
    }

    private func unsent(_ operation: Operation) -> APIError {
        APIError(.network, operation: operation.name, message: "the run has ended before it; nothing was sent")
    }

    /// What became of a call that failed.
    private func failed(
        _ prepared: PreparedCall, _ request: OperationCall, _ change: Int?, _ error: APIError, _ start: Duration,
        isAgain: Bool
    ) async {
        let operation = request.operation
        if isAgain, error.delivery != .answered {
            // An earlier attempt may have been carried out, so that this is no answer to it.
            record(request, change, .unknown, start, ["error": .string(error.kind.rawValue)])
            guard isGoingOn else { return reply(prepared, raising: error, isRecorded: false) }
            return leaveUnsettled(
                prepared,
                "it is unknown whether the server carried out call \(prepared.call.id), \(operation.name), and it could not be "
                    + "sent again: \(error.message)")
        }
        if error.delivery == .notSent, !isGoingOn {
            state.withLock { state in
                state.budget.takeBack(operation.effect)
                if let change { state.changes[change].outcome = .notSent }
            }
            // The script hears no more of it, and a resumed run makes it anew.
            if change != nil { recordNotSent(prepared) }
            return reply(prepared, raising: error, isRecorded: false)
        }
        let isUnknown = error.delivery == .unknown
        if isUnknown, change != nil, journal != nil, !operation.effect.maySendAgain {
            if operation.effect == .reconcilable { return await settle(prepared, request, change: change) }
            record(request, change, .unknown, start, ["error": .string(error.kind.rawValue)])
            return leaveUndecided(prepared, error)
        }
        record(
            request, change, isUnknown ? .unknown : .failed, start,
            error.status.map {
                ["error": .string(error.kind.rawValue), "status": .stringConvertible($0)]
            } ?? ["error": .string(error.kind.rawValue)])
        var facts = facts(start: start)
        facts["delivery"] = .string(error.delivery.rawValue)
        // What was abandoned because the run has ended is no answer.
        reply(prepared, raising: error, facts: facts, isRecorded: isGoingOn || error.delivery == .answered)
    }

    func record(
        _ request: OperationCall, _ change: Int?, _ outcome: ChangeRecord.Outcome, _ start: Duration,
        _ facts: Logger.Metadata
    ) {
        let level: Logger.Level = change == nil ? .debug : outcome == .done ? .info : .warning
        if let change {
            let isNew = state.withLock { state in
                guard state.changes[change].outcome == .pending else { return false }
                state.changes[change].outcome = outcome
                return true
            }
            guard isNew else { return }
        }
        guard logger.logLevel <= level else { return }
        var metadata = facts
        if let change, let summary = state.withLock({ $0.changes[change].summary }) {
            metadata["change"] = .string(summary)
        } else {
            for (name, value) in known.redactor.redact(request.arguments) {
                metadata[name] = value.shortened().metadata
            }
        }
        metadata["ms"] = .stringConvertible((host.clock.monotonic() - start).inMilliseconds)
        logger.log(level: level, "\(request.operation.name)", metadata: metadata)
    }

    // MARK: Notes

    func note(_ call: MachineCall) {
        if call.name == HostFunction.endComposite.rawValue { return endComposite(call.task) }
        guard call.name == HostFunction.log.rawValue, state.withLock({ $0.ending == nil }) else { return }
        guard let arguments = (try? JSONValue(parsing: call.arguments))?.arrayValue else {
            return end(.failed, .unreadable("a log line"))
        }
        guard arguments.count >= 2, let name = arguments[0].stringValue else { return }
        if name == "print", let print = options.print {
            let text = arguments[1].stringValue ?? ""
            record(log: "info", message: text, fields: .null, line: call.line, task: call.task)
            return print(known.redactor.redact(text))
        }
        guard let level = Logger.Level(script: name) else { return }
        let (fields, wasWritten) = state.withLock { state -> (JSONValue, Bool) in
            let fields = arguments.count > 2 ? state.vault.open(arguments[2]) : .null
            guard state.logLinesToSkip > 0 else { return (fields, false) }
            state.logLinesToSkip -= 1
            return (fields, true)
        }
        guard !wasWritten else { return }
        record(log: name, message: arguments[1].stringValue ?? "", fields: fields, line: call.line, task: call.task)
        guard logger.logLevel <= level else { return }
        var metadata: Logger.Metadata = [:]
        for (name, value) in fields.objectValue ?? [:] { metadata[name] = value.metadata }
        for (index, value) in (fields.arrayValue ?? []).enumerated() { metadata["\(index + 1)"] = value.metadata }
        logger.log(level: level, "\(arguments[1].stringValue ?? "")", metadata: metadata)
    }
}

extension Logger.Level {
    /// The level that a script names.
    fileprivate init?(script name: String) {
        switch name {
        case "debug": self = .debug
        case "info", "print": self = .info
        case "warn": self = .warning
        case "error": self = .error
        default: return nil
        }
    }
}

extension JSONValue {
    /// As swift-log keeps it; secrets redacted.
    fileprivate var metadata: Logger.MetadataValue {
        switch self {
        case .string(let text): .string(text)
        case .secret: .string(SecretValue.redacted)
        case .array(let elements): .array(elements.map(\.metadata))
        case .object(let members): .dictionary(members.mapValues(\.metadata))
        default: .string(text)
        }
    }

}

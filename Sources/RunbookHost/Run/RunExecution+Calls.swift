internal import LuaMachine
internal import Logging
internal import Operations
internal import Synchronization

extension RunExecution {
    // MARK: Replies

    func reply(_ id: UInt32, reading: MachineReply.Reading = [], _ json: [UInt8]) {
        let clock = host.clock
        state.withLock(\.machine)?.reply(
            MachineReply(
                id: id, reading: reading, json: json, unixMilliseconds: clock.unixMilliseconds(),
                runMilliseconds: elapsed.inMilliseconds))
    }

    func reply(_ id: UInt32, raising error: APIError) {
        var members: [String: JSONValue] = [
            "kind": .string(error.kind.rawValue), "message": .string(error.message),
            "operation": .string(error.operation),
        ]
        if let status = error.status { members["status"] = .integer(Int64(status)) }
        if !error.details.isNull { members["details"] = error.details }
        reply(id, reading: .error, JSONValue.object(members).bytes())
    }

    // MARK: One call

    /// Decides, in the order of the calls, whether a call is made; then makes it beside the loop.
    func handle(_ call: MachineCall, _ machine: any LuaMachine) {
        guard isGoingOn else { return }
        let function = HostFunction(rawValue: call.name)
        if function != .declare, function != .clock, options.requiresManifest, !state.withLock(\.isDeclared) {
            return end(.failed, .late(call.name, "\(runbook.name):\(call.line)"))
        }
        guard let arguments = (try? JSONValue(parsing: call.arguments))?.arrayValue else {
            return end(.failed, .unreadable("the arguments of \(call.name)"))
        }
        if let function { return handle(function, call, arguments) }
        do throws(APIError) { try begin(call, arguments) } catch { reply(call.id, raising: error) }
    }

    /// The gate: arguments, policy, budget; then the transport.
    private func begin(_ call: MachineCall, _ passed: [JSONValue]) throws(APIError) {
        guard let operation = host.catalogue[call.name], operation.name == call.name else {
            throw APIError(.invalidArgument, operation: call.name, message: "there is no such operation.")
        }
        let opened = state.withLock { state in passed.map { state.vault.open($0) } }
        let arguments = try CallArguments(opened, of: operation)
        let bound = try operation.bind(arguments.values)
        try permit(operation.capability, operation.name)
        let (change, reached) = state.withLock { state -> (Int?, ReachedLimit.Name?) in
            let isPromised = operation.effect.isChange && state.composites.isPromised(to: call.task)
            if let limit = state.budget.spend(operation.effect, isReserved: isPromised) {
                return (nil, limit)
            }
            guard operation.effect.isChange else { return (nil, nil) }
            if isPromised { state.composites.use(in: call.task, operation.name, change: state.changes.count) }
            state.changes.append(
                ChangeRecord(
                    operation: operation.name, arguments: JSONValue.object(bound).shortened(), line: Int(call.line),
                    outcome: .pending))
            return (state.changes.count - 1, nil)
        }
        if let reached { return stop(at: reached, call) }
        if JSONValue.object(bound).secretCount > JSONValue.array(opened).secretCount {
            logger.warning(
                "a plain string was passed where a secret is due; use secrets.generate or a parameter of type secret",
                metadata: ["operation": .string(operation.name), "line": .stringConvertible(call.line)])
        }
        if let observer = options.observer {
            let (calls, changes) = state.withLock { ($0.budget.calls, $0.budget.changes) }
            observer(.call(calls: calls, changes: changes, operation: operation.name))
        }
        let request = OperationCall(checked: operation, arguments: bound, timeout: arguments.timeout)
        perform(call.id, isChange: operation.effect.isChange) { execution in
            await execution.send(request, call, keepsLinks: arguments.keepsLinks, change: change)
        }
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

    private func send(_ request: OperationCall, _ call: MachineCall, keepsLinks: Bool, change: Int?) async {
        let operation = request.operation
        let start = host.clock.monotonic()
        do throws(APIError) {
            if let handler = host.handlers[operation.name] {
                let value = try await handler(request)
                record(request, change, .done, start, [:])
                let sealed = state.withLock { $0.vault.seal(value) }
                return self.reply(call.id, reading: .secrets, sealed.bytes())
            }
            let reply = try await host.transport.send(request) { [self] in isGoingOn }
            record(request, change, .done, start, ["status": .stringConvertible(reply.status)])
            let encoding = try ReplyEncoding(reply, of: operation, keepsLinks: keepsLinks) { value in
                state.withLock { $0.vault.seal(value) }
            }
            self.reply(call.id, reading: encoding.reading, encoding.json)
        } catch {
            if error.delivery == .notSent, !isGoingOn {
                state.withLock { state in
                    state.budget.takeBack(operation.effect)
                    if let change { state.changes[change].outcome = .notSent }
                }
            } else if error.delivery == .unknown || error.status == nil {
                record(
                    request, change, error.delivery == .unknown ? .unknown : .failed, start,
                    ["error": .string(error.kind.rawValue)])
            } else {
                record(
                    request, change, .failed, start,
                    ["error": .string(error.kind.rawValue), "status": .stringConvertible(error.status ?? 0)])
            }
            self.reply(call.id, raising: error)
        }
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
        for (name, value) in request.arguments { metadata[name] = value.shortened().metadata }
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
        guard arguments.count >= 2, let level = Logger.Level(script: arguments[0].stringValue) else { return }
        guard logger.logLevel <= level else { return }
        var metadata: Logger.Metadata = [:]
        if arguments.count > 2 {
            let fields = state.withLock { $0.vault.open(arguments[2]) }
            for (name, value) in fields.objectValue ?? [:] { metadata[name] = value.metadata }
            for (index, value) in (fields.arrayValue ?? []).enumerated() { metadata["\(index + 1)"] = value.metadata }
        }
        logger.log(level: level, "\(arguments[1].stringValue ?? "")", metadata: metadata)
    }
}

extension Logger.Level {
    /// The level that a script names.
    fileprivate init?(script name: String?) {
        switch name {
        case "debug": self = .debug
        case "info": self = .info
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
        case .array(let elements): .array(elements.map(\.metadata))
        case .object(let members): .dictionary(members.mapValues(\.metadata))
        default: .string(text)
        }
    }

    /// How many secrets it holds: more after binding than before means that a plain string was sealed.
    fileprivate var secretCount: Int {
        switch self {
        case .secret: 1
        case .array(let elements): elements.reduce(0) { $0 + $1.secretCount }
        case .object(let members): members.values.reduce(0) { $0 + $1.secretCount }
        default: 0
        }
    }
}

internal import LuaMachine
internal import Operations
internal import Synchronization

/// Changes that are planned and not sent, and changes that a plan has to list.
extension RunExecution {
    // MARK: Making a plan

    /// What a call answers while a plan is made: a read what the server says, with the changes so far laid over; a change
    /// what the server would say.
    func plan(_ prepared: PreparedCall, _ request: OperationCall, change: Int?) async throws(APIError) -> OperationReply
    {
        if let change { return try await plan(change: change, prepared, request) }
        if let known = state.withLock({ $0.draft.shadow.answer(to: request) }) { return try known.answer.get() }
        let reply = try await host.transport.send(request) { [self] in isGoingOn }
        return state.withLock { $0.draft.shadow.overlay(request, reply).reply }
    }

    private func plan(
        change: Int, _ prepared: PreparedCall, _ request: OperationCall
    ) async throws(APIError) -> OperationReply {
        let reads = state.withLock { $0.draft.shadow.reads(before: request, in: host.catalogue) }
        var answers: [Result<OperationReply, APIError>] = []
        for read in reads { answers.append(await readBeside(read)) }
        let content = String(decoding: planDigest?.content(of: .object(request.arguments)) ?? [], as: UTF8.self)
        let predicted = state.withLock { state in
            let predicted = state.draft.shadow.apply(request, reads: reads, answers: answers)
            var refusal: String?
            var placeholder: Int64?
            switch predicted.reply {
            case .failure(let error): refusal = error.message
            case .success(let reply):
                if request.operation.effect == .reconcilable {
                    placeholder = (try? JSONValue(parsing: reply.body))?["id"]?.integerValue
                }
            }
            state.draft.add(
                PlannedChange(
                    number: 0, line: Int(prepared.call.line), operation: request.operation.name,
                    arguments: JSONValue.object(known.redactor.redact(request.arguments)).shortened(), content: content,
                    target: predicted.target?.json ?? .null, summary: predicted.summary,
                    changes: .array(predicted.changes.map(\.json)), isConditional: predicted.isConditional,
                    hasNoEffect: predicted.hasNoEffect, placeholder: placeholder, refusal: refusal),
                call: prepared.call.id, request: request)
            state.changes[change].outcome = .planned
            return predicted
        }
        recordPlanned(prepared, facts(of: predicted))
        return try predicted.reply.get()
    }

    /// How a plan compares arguments.
    private var planDigest: PreparedCall.Digest? {
        guard var digest = journal?.digest else { return nil }
        digest.known = state.withLock { Set($0.parameters.values.flatMap(\.secrets)) }
        return digest
    }

    /// The plan that the run has made.
    func madePlan() -> Plan? {
        guard options.mode == .plan else { return nil }
        let now = host.clock.unixMilliseconds(), redactor = known.redactor
        return state.withLock { state in
            Plan(
                id: id, made: now, expires: now + (options.planLifetime ?? Plan.lifetime), runbook: runbook,
                title: redactor.redact(state.manifest?.title ?? ""), parameters: state.parameters,
                shownParameters: redactor.redact(state.manifest?.shown(state.parameters) ?? state.parameters),
                target: options.target, seed: seed,
                limits: options.limits, requiresManifest: options.requiresManifest,
                changes: state.draft.changes.map { $0.closed(journal?.digest.sealer, redactor) },
                questions: state.draft.questions.map { redactor.redact($0) }, undoes: options.undoes,
                known: options.known)
        }
    }

    // MARK: Applying one

    /// Looks a change up in the plan, and whether it still finds what the plan found.
    func describePlanned(_ prepared: PreparedCall, _ request: OperationCall) async -> [String: JSONValue]? {
        guard let planned = takePlanned(prepared, request) else {
            let text = known.redactor.redact(.object(request.arguments)).shortened(bytes: 100, elements: 10).text
            stop(
                unplanned: prepared,
                "\(request.operation.name) \(text) is not in the plan\(options.plan.map { " \($0.id)" } ?? ""), or not so often"
            )
            return nil
        }
        var shadow = Shadow()
        let reads = shadow.reads(before: request, in: host.catalogue)
        var answers: [Result<OperationReply, APIError>] = []
        for read in reads { answers.append(await readBeside(read)) }
        guard isGoingOn else { return nil }
        let change = shadow.apply(request, reads: reads, answers: answers)
        // What gives back what the update before it took may have been given back by the host, when the run was cut short.
        let isRestoration = prepared.isPromised && request.operation.name != "users.update"
        if !isRestoration, let difference = planned.difference(from: change, known.redactor) {
            stop(unplanned: prepared, "\(planned.summary): \(difference)")
            return nil
        }
        return facts(of: change)
    }

    /// Takes the planned change that a call is out of the plan.
    func takePlanned(_ prepared: PreparedCall, _ request: OperationCall) -> PlannedChange? {
        guard let digest = planDigest else { return nil }
        return state.withLock { state in
            let planned = state.check?.take(request, digest)
            if let planned, request.operation.effect == .reconcilable {
                state.creations[prepared.call.id] = planned
            }
            return planned
        }
    }

    /// Notes the id of what the plan knows by a placeholder.
    func noteCreated(_ call: UInt32, _ json: [UInt8]) {
        state.withLock { state in
            guard let planned = state.creations.removeValue(forKey: call),
                let id = (try? JSONValue(parsing: json))?.integerValue
            else { return }
            state.check?.note(id: id, of: planned)
        }
    }

    private func stop(unplanned prepared: PreparedCall, _ what: String) {
        end(
            .stopped,
            RunError(
                .plan,
                message:
                    "\(what); it was not sent, nor anything after it. Make a new plan with 'runbook plan' and look at it",
                location: "\(runbook.name):\(prepared.call.line)"))
    }
}

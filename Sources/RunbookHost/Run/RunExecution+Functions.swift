internal import LuaMachine
internal import Logging
internal import Operations
internal import Synchronization

extension RunExecution {
    /// What the prelude asks of the host itself.
    ///
    /// - Parameter madeAt: when the script asked, if that was in an earlier process; milliseconds since 1970.
    func handle(_ function: HostFunction, _ prepared: PreparedCall, madeAt: Int64? = nil) {
        let call = prepared.call, arguments = prepared.arguments
        if let capability = function.capability {
            do throws(APIError) { try permit(capability, call.name) } catch { return reply(prepared, raising: error) }
        }
        switch function {
        case .declare: declare(prepared)
        case .clock:
            let now: JSONValue = [
                "unix": .integer(host.clock.unixMilliseconds()), "run": .integer(elapsed.inMilliseconds),
            ]
            reply(prepared, now.bytes())
        case .sleep:
            // The worker's word is not taken for it: a number out of range would end the host.
            guard let seconds = arguments.first?.doubleValue, (0...1e9).contains(seconds) else {
                return refuse(prepared, "seconds must be from 0 to 1000000000.")
            }
            var duration = Duration.milliseconds(Int64(seconds * 1_000))
            if let madeAt { duration -= .milliseconds(max(0, host.clock.unixMilliseconds() - madeAt)) }
            // What is only planned has nothing to wait for.
            let remaining = options.mode == .plan ? .zero : max(.zero, duration)
            perform(call.id) { execution in
                if remaining > .zero {
                    do { try await execution.host.clock.sleep(for: remaining) } catch { return }
                }
                execution.reply(prepared, reading: .nothing, [])
            }
        case .confirm:
            let question = arguments.first?.stringValue ?? ""
            if madeAt != nil, options.confirm == nil, options.mode != .plan {
                return leaveUnsettled(
                    prepared,
                    "the run waits for an answer to \"\(known.redactor.redact(question))\", and nobody can be asked here"
                )
            }
            confirm(prepared, question)
        case .generateSecret:
            guard let length = arguments.first?.integerValue, (8...256).contains(length) else {
                return refuse(prepared, "the length must be from 8 to 256.")
            }
            // Each is kept to the end of the run.
            if let limit = state.withLock({ $0.budget.spendSecret() }) { return stop(at: limit, call) }
            let secret = makeSecret(length: Int(length))
            let handle = state.withLock { $0.vault.seal(.secret(secret)) }
            reply(prepared, reading: .secrets, handle.value.bytes(), secrets: handle.secrets)
        case .revealSecret:
            guard case .secret(let secret)? = arguments.first else {
                return refuse(prepared, "expected a secret of this run.")
            }
            logger.notice("a secret was revealed to the script", metadata: ["line": .stringConvertible(call.line)])
            reply(prepared, JSONValue.string(secret.reveal()).bytes(), isConfidential: true)
        case .beginComposite: beginComposite(prepared)
        case .endComposite, .log: break  // notes; never calls
        }
    }

    /// What a function did in an earlier process besides answering, again.
    func accountAgain(for function: HostFunction, _ prepared: PreparedCall, isDone: Bool) {
        switch function {
        case .declare: _ = accept(prepared)
        case .generateSecret: state.withLock { _ = $0.budget.spendSecret() }
        case .beginComposite where isDone: _ = promise(prepared)
        default: break
        }
    }

    private func refuse(_ prepared: PreparedCall, _ what: String) {
        reply(prepared, raising: APIError(.invalidArgument, operation: prepared.call.name, message: what))
    }

    private func declare(_ prepared: PreparedCall) {
        guard let manifest = accept(prepared) else { return }
        // A secret may have to be asked for.
        perform(prepared.call.id, mayBlock: options.secret != nil || options.file != nil) { execution in
            await execution.answerParameters(prepared, manifest)
        }
    }

    /// Takes the manifest; ends the run if it is none.
    private func accept(_ prepared: PreparedCall) -> Manifest? {
        let call = prepared.call, table = prepared.arguments.first ?? .null
        let location = "\(runbook.name):\(call.line)"
        if state.withLock(\.isDeclared) {
            end(
                .failed,
                RunError(.manifest, message: "runbook { … } is there twice: keep the first", location: location))
            return nil
        }
        let manifest: Manifest
        do throws(Manifest.Fault) {
            manifest = try Manifest(table, line: Int(call.line))
            try manifest.checkNeeds(host.capabilities)
        } catch {
            end(.failed, RunError(.manifest, message: error.description, location: location))
            return nil
        }
        let limits = options.limits.narrowed(to: manifest.limits)
        let machine = state.withLock { state in
            state.manifest = manifest
            state.isDeclared = true
            state.budget.limits = limits
            return state.machine
        }
        if limits.machine != options.limits.machine { machine?.narrow(to: limits.machine) }
        if limits.time != options.limits.time { setDeadline(limits.time) }
        options.observer?(.began(title: manifest.title))
        return manifest
    }

    private func answerParameters(_ prepared: PreparedCall, _ manifest: Manifest) async {
        let plain: @Sendable (String, String) async throws(ParameterFault) -> SecretValue = { _, text in
            SecretValue(text)
        }
        let noFiles: @Sendable (String, String) async throws(ParameterFault) -> ParameterFile = {
            name, _ throws(ParameterFault) in
            throw ParameterFault(parameter: name, reason: "is a file, and this host reads none: give its name and text")
        }
        do throws(ParameterFault) {
            let values = try await manifest.resolve(
                options.parameters, secret: options.secret ?? plain, file: options.file ?? noFiles)
            journal?.update { record in
                record.title = manifest.title
                record.parameters = known.redactor.redact(manifest.shown(values)).mapValues { $0.shortened() }
            }
            let sealed = state.withLock { state in
                state.parameters = values
                return state.vault.seal(.object(values))
            }
            reply(
                prepared, reading: .secrets, sealed.value.bytes(), secrets: sealed.secrets,
                isConfidential: manifest.hasFiles(among: values))
        } catch {
            end(
                .failed,
                RunError(
                    .parameters, message: error.description,
                    location: "\(runbook.name):\(prepared.call.line)"))
        }
    }

    /// A function that makes several changes which belong together: it begins only if all of them are allowed and fit the
    /// budget; see ``Composites``.
    private func beginComposite(_ prepared: PreparedCall) {
        let restorations = Self.restorations(of: prepared)
        do throws(APIError) {
            for restoration in restorations {
                guard let operation = host.catalogue[restoration.operation] else { continue }
                try permit(operation.capability, operation.name)
                _ = try operation.bind(restoration.arguments)
            }
        } catch { return reply(prepared, raising: error) }
        if let reached = promise(prepared) { return stop(at: reached, prepared.call) }
        reply(prepared, reading: .nothing, [])
    }

    private static func restorations(of prepared: PreparedCall) -> [Composites.Restoration] {
        func argument(_ index: Int) -> JSONValue {
            index < prepared.arguments.count ? prepared.arguments[index] : .null
        }
        return Composites.restorations(user: argument(0), sites: argument(1), assetGroups: argument(2))
    }

    /// Sets the changes aside that belong together.
    private func promise(_ prepared: PreparedCall) -> ReachedLimit.Name? {
        let restorations = Self.restorations(of: prepared), task = prepared.call.task
        return state.withLock { state -> ReachedLimit.Name? in
            state.budget.release(changes: state.composites.end(in: task))
            if let limit = state.budget.reserve(changes: 1 + restorations.count) { return limit }
            state.composites.begin(in: task, restorations)
            return nil
        }
    }

    private func confirm(_ prepared: PreparedCall, _ question: String) {
        // A plan shows what a yes leads to.
        if options.mode == .plan {
            state.withLock { $0.draft.questions.append(question) }
            return reply(prepared, JSONValue.bool(true).bytes())
        }
        guard let ask = options.confirm else {
            return reply(
                prepared,
                raising: APIError(
                    .denied, operation: prepared.call.name,
                    message: "nobody can be asked \"\(question)\": run it on a terminal, or with --yes."))
        }
        perform(prepared.call.id, mayBlock: true) { execution in
            let answer = await ask(execution.known.redactor.redact(question))
            execution.reply(prepared, JSONValue.bool(answer).bytes())
        }
    }

    /// Letters and digits without those that look alike, and at least one of each kind that password rules ask for.
    private func makeSecret(length: Int) -> SecretValue {
        let kinds = ["abcdefghijkmnpqrstuvwxyz", "ABCDEFGHJKLMNPQRSTUVWXYZ", "23456789", "-_.!+="].map(Array.init)
        let all = kinds.flatMap { $0 }
        func pick(_ characters: [Character]) -> Character {
            // Numbers past the last whole multiple are drawn again: each character is equally likely.
            let count = UInt64(characters.count)
            while true {
                let number = host.random()
                if number < UInt64.max - UInt64.max % count { return characters[Int(number % count)] }
            }
        }
        while true {
            let text = (0..<length).map { _ in pick(all) }
            if kinds.allSatisfy({ kind in text.contains { kind.contains($0) } }) { return SecretValue(String(text)) }
        }
    }
}

internal import LuaMachine
internal import Logging
internal import Operations
internal import Synchronization

extension RunExecution {
    /// What the prelude asks of the host itself.
    func handle(_ function: HostFunction, _ call: MachineCall, _ arguments: [JSONValue]) {
        if let capability = function.capability {
            do throws(APIError) { try permit(capability, call.name) } catch { return reply(call.id, raising: error) }
        }
        switch function {
        case .declare: declare(call, arguments.first ?? .null)
        case .clock:
            let now: JSONValue = [
                "unix": .integer(host.clock.unixMilliseconds()), "run": .integer(elapsed.inMilliseconds),
            ]
            reply(call.id, now.bytes())
        case .sleep:
            // The worker's word is not taken for it: a number out of range would end the host.
            guard let seconds = arguments.first?.doubleValue, (0...1e9).contains(seconds) else {
                return refuse(call, "seconds must be from 0 to 1000000000.")
            }
            let duration = Duration.milliseconds(Int64(seconds * 1_000))
            perform(call.id) { execution in
                do { try await execution.host.clock.sleep(for: duration) } catch { return }
                execution.reply(call.id, reading: .nothing, [])
            }
        case .confirm: confirm(call, arguments.first?.stringValue ?? "")
        case .generateSecret:
            guard let length = arguments.first?.integerValue, (8...256).contains(length) else {
                return refuse(call, "the length must be from 8 to 256.")
            }
            // Each is kept to the end of the run.
            if let limit = state.withLock({ $0.budget.spendSecret() }) { return stop(at: limit, call) }
            let secret = makeSecret(length: Int(length))
            let handle = state.withLock { $0.vault.seal(.secret(secret)) }
            reply(call.id, reading: .secrets, handle.bytes())
        case .revealSecret:
            let opened = state.withLock { $0.vault.open(arguments.first ?? .null) }
            guard case .secret(let secret) = opened else {
                return reply(
                    call.id,
                    raising: APIError(.invalidArgument, operation: call.name, message: "expected a secret of this run.")
                )
            }
            logger.notice("a secret was revealed to the script", metadata: ["line": .stringConvertible(call.line)])
            reply(call.id, JSONValue.string(secret.reveal()).bytes())
        case .beginComposite: beginComposite(call, arguments)
        case .endComposite, .log: break  // notes; never calls
        }
    }

    private func refuse(_ call: MachineCall, _ what: String) {
        reply(call.id, raising: APIError(.invalidArgument, operation: call.name, message: what))
    }

    private func declare(_ call: MachineCall, _ table: JSONValue) {
        let location = "\(runbook.name):\(call.line)"
        if state.withLock(\.isDeclared) {
            return end(
                .failed,
                RunError(kind: "manifest", message: "runbook { … } is there twice: keep the first", location: location))
        }
        let manifest: Manifest
        do throws(Manifest.Fault) {
            manifest = try Manifest(table, line: Int(call.line))
            try manifest.checkNeeds(host.capabilities)
        } catch {
            return end(.failed, RunError(kind: "manifest", message: error.description, location: location))
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
        // A secret may have to be asked for.
        perform(call.id, mayBlock: options.secret != nil) { execution in
            await execution.answerParameters(call, manifest, location)
        }
    }

    private func answerParameters(_ call: MachineCall, _ manifest: Manifest, _ location: String) async {
        let plain: @Sendable (String, String) async throws(ParameterFault) -> SecretValue = { _, text in
            SecretValue(text)
        }
        do throws(ParameterFault) {
            let values = try await manifest.resolve(options.parameters, secret: options.secret ?? plain)
            let sealed = state.withLock { $0.vault.seal(.object(values)) }
            reply(call.id, reading: .secrets, sealed.bytes())
        } catch {
            end(.failed, RunError(kind: "parameters", message: error.description, location: location))
        }
    }

    /// A function that makes several changes which belong together: it begins only if all of them are allowed and fit the
    /// budget; see ``Composites``.
    private func beginComposite(_ call: MachineCall, _ arguments: [JSONValue]) {
        func argument(_ index: Int) -> JSONValue { index < arguments.count ? arguments[index] : .null }
        let restorations = Composites.restorations(user: argument(0), sites: argument(1), assetGroups: argument(2))
        do throws(APIError) {
            for restoration in restorations {
                guard let operation = host.catalogue[restoration.operation] else { continue }
                try permit(operation.capability, operation.name)
                _ = try operation.bind(restoration.arguments)
            }
        } catch { return reply(call.id, raising: error) }
        let reached = state.withLock { state -> ReachedLimit.Name? in
            state.budget.release(changes: state.composites.end(in: call.task))
            if let limit = state.budget.reserve(changes: 1 + restorations.count) { return limit }
            state.composites.begin(in: call.task, restorations)
            return nil
        }
        if let reached { return stop(at: reached, call) }
        reply(call.id, reading: .nothing, [])
    }

    private func confirm(_ call: MachineCall, _ question: String) {
        guard let ask = options.confirm else {
            return reply(
                call.id,
                raising: APIError(
                    .denied, operation: call.name,
                    message: "nobody can be asked \"\(question)\": run it on a terminal, or with --yes."))
        }
        perform(call.id, mayBlock: true) { execution in
            let answer = await ask(question)
            execution.reply(call.id, JSONValue.bool(answer).bytes())
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

internal import LuaMachine
internal import Operations

/// A call as the script made it, read and checked, before it is decided what becomes of it.
struct PreparedCall: Sendable {
    /// What is called.
    enum Callee: Sendable {
        case operation(Operation)
        case function(HostFunction)
        /// Nothing of this name.
        case unknown
    }

    let call: MachineCall
    let callee: Callee
    /// Which call of its task it is, from 1.
    let position: UInt32
    /// The arguments as passed, secrets opened.
    let arguments: [JSONValue]
    /// What is sent, if it is an operation and the arguments are right.
    let request: OperationCall?
    let keepsLinks: Bool
    /// What is wrong with the arguments.
    let fault: APIError?
    /// The arguments as the journal keeps and compares them: canonical JSON, each secret as its keyed digest. Empty without
    /// a journal.
    let content: [UInt8]
    /// Whether it is one of several changes that belong together and were promised.
    var isPromised = false

    init(
        _ call: MachineCall, arguments: [JSONValue], position: UInt32, catalogue: Catalogue, digest: Digest?
    ) {
        let arguments =
            call.name == HostFunction.declare.rawValue ? arguments.map { Manifest.closed($0) } : arguments
        self.call = call
        self.arguments = arguments
        self.position = position
        var request: OperationCall?
        var keepsLinks = false
        var fault: APIError?
        if let function = HostFunction(rawValue: call.name) {
            callee = .function(function)
            content = digest?.content(of: .array(arguments)) ?? []
        } else if let operation = catalogue[call.name], operation.name == call.name {
            callee = .operation(operation)
            var kept: JSONValue?
            do throws(APIError) {
                let split = try CallArguments(arguments, of: operation)
                let bound = try operation.bind(split.values)
                keepsLinks = split.keepsLinks
                request = OperationCall(checked: operation, arguments: bound, timeout: split.timeout)
                if digest != nil {
                    var members = bound
                    // They are no argument's names: none begins so.
                    if keepsLinks { members["$links"] = true }
                    if let timeout = split.timeout { members["$timeout"] = .integer(timeout.inMilliseconds) }
                    kept = .object(members)
                }
            } catch { fault = error }
            // Wrong arguments may hold a secret where none is expected.
            content = kept.flatMap { digest?.content(of: $0) } ?? digest?.whole(.array(arguments)) ?? []
        } else {
            callee = .unknown
            fault = APIError(.invalidArgument, operation: call.name, message: "there is no such operation.")
            content = digest?.whole(.array(arguments)) ?? []
        }
        self.request = request
        self.keepsLinks = keepsLinks
        self.fault = fault
    }

    /// What it may do to the world; a host's own function does nothing.
    var effect: EffectClass { request?.operation.effect ?? .read }
    var isChange: Bool { effect.isChange }

    /// How arguments are written down.
    struct Digest: Sendable {
        let sealer: Sealer
        /// The secrets that are told apart; `nil` for all. A plan compares those that it was given: what a script or a
        /// server makes anew is another one each time.
        var known: Set<SecretValue>?

        /// Canonical JSON with each secret as `{"$secret":"…"}`, its keyed digest.
        func content(of value: JSONValue) -> [UInt8] { closed(value).bytes() }

        /// The digest of everything, for what nobody knows the secrets of.
        func whole(_ value: JSONValue) -> [UInt8] {
            JSONValue.object(["$digest": .string(sealer.digest(value.bytes(revealingSecrets: true)))]).bytes()
        }

        private func closed(_ value: JSONValue) -> JSONValue {
            switch value {
            case .secret(let secret):
                ["$secret": .string(known?.contains(secret) == false ? "new" : sealer.digest(secret.reveal().utf8))]
            case .array(let elements): .array(elements.map(closed))
            case .object(let members): .object(members.mapValues(closed))
            default: value
            }
        }
    }
}

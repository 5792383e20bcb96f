internal import LuaMachine
internal import Operations

/// How a reply's body reaches the machine: the bytes as the server sent them where the machine can shape them itself,
/// else what ``Operations/ResultShape`` makes of them.
struct ReplyEncoding {
    let reading: MachineReply.Reading
    let json: [UInt8]

    /// - Parameter secretNames: under which a server may answer a secret, such as `password`; it is closed then.
    init(
        _ reply: OperationReply, of operation: Operation, keepsLinks: Bool, secretNames: SecretNames,
        seal: (JSONValue) -> JSONValue
    ) throws(APIError) {
        let links: MachineReply.Reading = keepsLinks ? [] : .droppingLinks
        let closed = Self.closed(reply.body, secretNames)
        if let closed {
            let shape: MachineReply.Reading? =
                switch operation.result {
                case .object: links
                case .resources: [links, .resources]
                case .page: [links, .resources, .page]
                case .value: []
                default: nil
                }
            if let shape {
                (reading, json) = (shape.union(.secrets), seal(closed).bytes())
                return
            }
        }
        switch operation.result {
        case .nothing where !keepsLinks:
            (reading, json) = (.nothing, [])
        case .object: (reading, json) = (links, reply.body)
        case .resources: (reading, json) = ([links, .resources], reply.body)
        case .page: (reading, json) = ([links, .resources, .page], reply.body)
        case .value where !reply.body.isEmpty: (reading, json) = ([], reply.body)
        default:
            let body: JSONValue
            do throws(JSONSyntaxError) {
                body = if let closed { closed } else { reply.body.isEmpty ? .null : try JSONValue(parsing: reply.body) }
            } catch {
                throw APIError(
                    .network, status: reply.status, operation: operation.name,
                    message: "the answer is \(error). Check that the address is the server's own and no proxy's.",
                    delivery: .answered)
            }
            let value = operation.result.apply(to: body, keepingLinks: keepsLinks).value
            (reading, json) = (.secrets, seal(value).bytes())
        }
    }

    /// The body with the texts under these names as secrets; `nil` if there are none.
    private static func closed(_ body: [UInt8], _ names: SecretNames) -> JSONValue? {
        guard names.areMentioned(in: body), let value = try? JSONValue(parsing: body) else { return nil }
        let closed = value.closing(names.names)
        return closed.secrets.isEmpty ? nil : closed
    }
}

extension JSONValue {
    /// The same with every text under one of these names as a secret.
    fileprivate func closing(_ names: Set<String>) -> JSONValue {
        switch self {
        case .array(let elements): return .array(elements.map { $0.closing(names) })
        case .object(let members):
            return .object(
                Dictionary(
                    uniqueKeysWithValues: members.map { name, value in
                        guard names.contains(name), let text = value.stringValue, !text.isEmpty else {
                            return (name, value.closing(names))
                        }
                        return (name, .secret(SecretValue(text)))
                    }))
        default: return self
        }
    }
}

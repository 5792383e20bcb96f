internal import LuaMachine
internal import Operations

/// How a reply's body reaches the machine: the bytes as the server sent them where the machine can shape them itself,
/// else what ``Operations/ResultShape`` makes of them.
struct ReplyEncoding {
    let reading: MachineReply.Reading
    let json: [UInt8]

    init(
        _ reply: OperationReply, of operation: Operation, keepsLinks: Bool, seal: (JSONValue) -> JSONValue
    ) throws(APIError) {
        let links: MachineReply.Reading = keepsLinks ? [] : .droppingLinks
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
                body = reply.body.isEmpty ? .null : try JSONValue(parsing: reply.body)
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
}

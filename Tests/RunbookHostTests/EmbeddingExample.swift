import LuaMachine
import Operations
import RunbookHost

// The example of the article "Embedding the host". A test holds the two against each other.

/// Answers the one question that the example asks, without a network.
struct Directory: Transport {
    func send(_ call: OperationCall) async throws(APIError) -> OperationReply {
        guard call.arguments["id"] == 7 else {
            throw APIError(.notFound, status: 404, operation: call.operation.name, message: "no such user")
        }
        return OperationReply(body: Array(#"{"id": 7, "login": "ada", "locked": true}"#.utf8))
    }
}

func runEmbedded(_ machines: MachineProvider) async -> RunOutcome {
    // A host, with an operation of our own next to the console's.
    var host = RunbookHost(transport: Directory(), machines: machines)
    let open = Operation(
        "tickets.open", apiName: "open_ticket", endpoint: nil,
        parameters: [Parameter("title", .name, in: .body, documentation: "What it is about.")],
        result: .value, effect: .unsafe, capability: "tickets:write", summary: "Open a ticket")
    host.register(open) { call throws(APIError) in
        ["number": 12, "title": call.arguments["title"] ?? .null]
    }
    let runbook = Runbook(
        name: "report.lua",
        source: """
            runbook { needs = { "users:read", "tickets:write" }, params = { id = { type = "integer" } } }
            local user = users.get(params.id)
            return tickets.open(user.login .. " is locked").number
            """)
    // Run it and await its outcome; `run.cancel()` would end it.
    let run = host.start(runbook, options: RunOptions(parameters: ["id": .value(7)]))
    return await run.outcome
}

import Operations

/// One operation of each kind that the transport tells apart.
extension Operation {
    private static let id = Parameter("id", .identifier, in: .path, documentation: "Which.")

    private static func sample(
        _ name: String, _ endpoint: Endpoint, _ parameters: [Parameter] = [], _ result: ResultShape,
        _ effect: EffectClass
    ) -> Operation {
        Operation(
            name, apiName: name, endpoint: endpoint, parameters: parameters, result: result, effect: effect,
            capability: "things:all", summary: "Sample.")
    }

    static let readThing = sample(
        "things.get", Endpoint(.console, .get, "/api/3/things/{id}"), [id], .object, .read)
    static let putThing = sample(
        "things.update", Endpoint(.console, .put, "/api/3/things/{id}", body: .value),
        [id, Parameter("thing", .secret, in: .body, documentation: "What.")], .nothing, .idempotent)
    static let deleteThing = sample(
        "things.delete", Endpoint(.console, .delete, "/api/3/things/{id}"), [id], .nothing, .idempotent)
    static let unlockThing = sample(
        "things.unlock", Endpoint(.console, .delete, "/api/3/things/{id}/lock"), [id], .nothing, .idempotent)
    static let createThing = sample(
        "things.create", Endpoint(.console, .post, "/api/3/things", body: .value),
        [Parameter("thing", .secret, in: .body, documentation: "What.")], .object, .reconcilable)
    static let regenerateThing = sample(
        "things.regenerate", Endpoint(.console, .post, "/api/3/things/{id}/key"), [id], .object, .unsafe)
    static let readXpanse = sample(
        "xpanse.users",
        Endpoint(.xpanse, .post, "/public_api/v1/rbac/get_users/", body: .envelope("request_data", constants: [:])),
        [], .replyList, .read)
    static let changeXpanse = sample(
        "xpanse.set_role",
        Endpoint(.xpanse, .post, "/public_api/v1/rbac/set_user_role/", body: .envelope("request_data", constants: [:])),
        [Parameter("role_name", .name, in: .body, documentation: "Which.")], .replyCount("update_count"), .idempotent)
}

extension OperationCall {
    static let readThing = OperationCall(checked: .readThing, arguments: ["id": 7])
    static let putThing = OperationCall(
        checked: .putThing, arguments: ["id": 7, "thing": .secret(SecretValue("pa55-in-body"))])
    static let deleteThing = OperationCall(checked: .deleteThing, arguments: ["id": 7])
    static let unlockThing = OperationCall(checked: .unlockThing, arguments: ["id": 7])
    static let createThing = OperationCall(
        checked: .createThing, arguments: ["thing": .secret(SecretValue("pa55-in-body"))])
    static let regenerateThing = OperationCall(checked: .regenerateThing, arguments: ["id": 7])
    static let readXpanse = OperationCall(checked: .readXpanse, arguments: [:])
    static let changeXpanse = OperationCall(checked: .changeXpanse, arguments: ["role_name": "Viewer"])
}

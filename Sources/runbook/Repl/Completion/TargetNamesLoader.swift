import Operations
import RunbookHost

/// Reads the names of what is at a target, past every session: what is read is shown to the person who types, and to no
/// script.
struct TargetNamesLoader: Sendable {
    private let catalogue: Catalogue
    private let transport: any Transport
    private let policy: Policy

    /// Users on one page: the console's maximum.
    private static let pageSize: Int64 = 500

    /// A loader that reads only what the operator's policy allows to read.
    init(catalogue: Catalogue, transport: any Transport, policy: Policy) {
        self.catalogue = catalogue
        self.transport = transport
        self.policy = policy
    }

    /// The names of a kind: of users no more than are kept, and one; `nil` if they cannot be had.
    func load(_ kind: TargetNames.Kind) async -> [TargetName]? {
        switch kind {
        case .users: return await users()
        case .roles:
            return await list("roles.list")?.compactMap { role in
                role["id"]?.stringValue.map { TargetName(id: $0, name: Self.text(role["name"])) }
            }
        case .privileges: return await list("privileges.list")?.compactMap { $0.stringValue.map { TargetName(id: $0) } }
        case .authenticationSources:
            return await list("auth_sources.list")?.compactMap { source in
                source["id"]?.integerValue.map { id in
                    let words = [Self.text(source["name"]), source["type"]?.stringValue ?? ""]
                    return TargetName(id: String(id), name: words.filter { !$0.isEmpty }.joined(separator: ", "))
                }
            }
        }
    }

    private func users() async -> [TargetName]? {
        var names: [TargetName] = []
        var page: Int64 = 0
        while names.count <= TargetNames.limit, !Task.isCancelled {
            let arguments: [String: JSONValue] = [
                "page": .integer(page), "size": .integer(Self.pageSize), "sort": .array(["id,ASC"]),
            ]
            guard let users = await list("users.page", arguments) else { return nil }
            names += users.compactMap { user in
                user["id"]?.integerValue.map {
                    TargetName(id: String($0), login: user["login"]?.stringValue ?? "", name: Self.text(user["name"]))
                }
            }
            guard users.count == Self.pageSize else { break }
            page += 1
        }
        return names
    }

    /// The elements that an operation answers.
    private func list(_ name: String, _ arguments: [String: JSONValue] = [:]) async -> [JSONValue]? {
        guard let operation = catalogue[name], policy.capabilities?.contains(operation.capability) != false else {
            return nil
        }
        do throws(APIError) {
            let reply = try await transport.send(
                OperationCall(checked: operation, arguments: try operation.bind(named: arguments)))
            guard let body = try? JSONValue(parsing: reply.body) else { return nil }
            return operation.result.apply(to: body).value.arrayValue
        } catch { return nil }
    }

    /// A name, which newer consoles give as a table with the text in it.
    private static func text(_ value: JSONValue?) -> String {
        (value?.stringValue ?? value?["defaultValue"]?.stringValue ?? "").shown
    }
}

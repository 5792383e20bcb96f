/// How changes are undone.
public enum Inverse {
    /// Whether undo can restore what this operation changes.
    public static func exists(for operation: Operation) -> Bool {
        ChangeKind(operation).map { $0.irreversibility == nil } ?? false
    }

    /// The reads that make a before-image, in order; empty if there is no inverse or it needs none.
    public static func reads(before call: OperationCall, in catalogue: Catalogue) -> [OperationCall] {
        guard let kind = ChangeKind(call.operation) else { return [] }
        return kind.imageReads(call).compactMap { $0.call(in: catalogue) }
    }

    /// The before-image of the answers to ``reads(before:in:)``.
    ///
    /// - Returns: such as `{"user":{…},"sites":[…],"asset_groups":[…]}`, `{"role":null}` or `{"xpanse":{email:role}}`;
    ///   `nil` if there is no inverse, or a read failed.
    public static func image(
        of call: OperationCall, answers: [Result<OperationReply, APIError>]
    ) -> JSONValue? {
        guard let kind = ChangeKind(call.operation) else { return nil }
        var values: [ReadSubject: Result<JSONValue, APIError>] = [:]
        for (subject, answer) in zip(kind.imageReads(call), answers) {
            values[subject] = answer.flatMap { reply in
                do throws(JSONSyntaxError) {
                    return .success(subject.content(try JSONValue(parsing: reply.body)))
                } catch {
                    return .failure(
                        APIError(.network, operation: call.operation.name, message: "the answer is \(error)"))
                }
            }
        }
        return image(kind, call) { values[$0] }
    }

    /// The image of what is known: users' essence, elements of lists, roles by address.
    static func image(
        _ kind: ChangeKind, _ call: OperationCall, _ known: (ReadSubject) -> Result<JSONValue, APIError>?
    ) -> JSONValue? {
        func value(_ subject: ReadSubject) -> JSONValue? { try? known(subject)?.get() }
        switch kind {
        case .createUser: return [:]
        case .deleteUser, .unlockUser, .resetPassword, .setSeed, .regenerateSeed: return nil
        case .updateUser:
            guard let id = call.userID, let user = value(.user(id)) else { return nil }
            var image = ["user": user]
            for access in AccessKind.allCases where UserDocument.hasAll(access, user) != true {
                guard let list = value(.access(access, id)) else { return nil }
                image[access.rawValue] = list
            }
            return .object(image)
        case .access(let access, _):
            return call.userID.flatMap { value(.access(access, $0)) }.map { .object([access.rawValue: $0]) }
        case .updateRole, .deleteRole:
            guard let id = call.roleID else { return nil }
            switch known(.role(id)) {
            case .success(let role)?: return ["role": role]
            case .failure(let error)? where error.kind == .notFound: return ["role": nil]
            default: return nil
            }
        case .setXpanseRole, .removeXpanseRole:
            guard let all = value(.xpanseUsers)?.objectValue else { return nil }
            let wanted = Set(call.emails.compactMap { XpanseShadow.address($0, among: Array(all.keys)) })
            return ["xpanse": .object(all.filter { wanted.contains($0.key) })]
        }
    }
}

extension ReadSubject {
    /// What of an answer an image keeps.
    fileprivate func content(_ body: JSONValue) -> JSONValue {
        switch self {
        case .user: return UserDocument.essence(of: body)
        case .xpanseUsers:
            var users = XpanseShadow()
            users.learn(Shadow.xpanseElements(body))
            return users.rolesByAddress
        case .role: return body
        default: return .array(body["resources"]?.arrayValue ?? [])
        }
    }
}

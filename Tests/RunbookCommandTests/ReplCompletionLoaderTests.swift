import Operations
import RunbookHost
import Synchronization
import Testing

@testable import runbook

/// How the names of what is at the target are read.
struct ReplCompletionLoaderTests {
    /// Answers operations with bodies, and counts the calls.
    private final class Console: Transport {
        let sent = Mutex<[String]>([])
        let answer: @Sendable (OperationCall) -> String?

        init(_ answer: @escaping @Sendable (OperationCall) -> String?) { self.answer = answer }

        func send(_ call: OperationCall) async throws(APIError) -> OperationReply {
            sent.withLock { $0.append(call.operation.name) }
            guard let body = answer(call) else {
                throw APIError(.unavailable, operation: call.operation.name, message: "no")
            }
            return OperationReply(body: Array(body.utf8))
        }
    }

    private func loader(_ console: Console, _ policy: Policy = Policy()) -> TargetNamesLoader {
        TargetNamesLoader(catalogue: .standard, transport: console, policy: policy)
    }

    private static func users(_ ids: Range<Int64>) -> String {
        let users = ids.map { #"{"id": \#($0), "login": "user\#($0)", "name": "User \#($0)"}"# }
        return #"{"resources": [\#(users.joined(separator: ","))]}"#
    }

    @Test func usersAreReadPageByPage() async throws {
        let console = Console { call in
            let page = call.arguments["page"]?.integerValue ?? -1
            #expect(call.arguments["size"]?.integerValue == 500)
            return Self.users(page * 500..<min(page * 500 + 500, 1_203))
        }
        let names = try #require(await loader(console).load(.users))
        #expect(names.count == 1_203)
        #expect(names.last == TargetName(id: "1202", login: "user1202", name: "User 1202"))
        #expect(console.sent.withLock(\.count) == 3)
    }

    @Test func ofALargeConsoleNoMoreIsReadThanIsKept() async throws {
        let console = Console { call in
            let page = call.arguments["page"]?.integerValue ?? -1
            return Self.users(page * 500..<page * 500 + 500)
        }
        let names = try #require(await loader(console).load(.users))
        #expect(names.count > TargetNames.limit && names.count <= TargetNames.limit + 500)
    }

    @Test func rolesPrivilegesAndSourcesAreReadByTheirLists() async throws {
        let console = Console { call in
            switch call.operation.name {
            case "roles.list":
                """
                {"resources": [{"id": "user", "name": "User"}, {"name": "no id"},
                {"id": "new", "name": {"key": "k", "defaultValue": "Brand\\u202e new"}}]}
                """
            case "privileges.list": #"{"resources": ["manage-sites", 7, "manage-tags"]}"#
            case "auth_sources.list": #"{"resources": [{"id": 3, "name": "Corporate", "type": "ldap"}, {"id": 4}]}"#
            default: nil
            }
        }
        let loader = loader(console)
        #expect(
            await loader.load(.roles) == [
                TargetName(id: "user", name: "User"), TargetName(id: "new", name: "Brand\u{fffd} new"),
            ])
        #expect(await loader.load(.privileges) == [TargetName(id: "manage-sites"), TargetName(id: "manage-tags")])
        #expect(
            await loader.load(.authenticationSources) == [
                TargetName(id: "3", name: "Corporate, ldap"), TargetName(id: "4"),
            ])
    }

    @Test(arguments: TargetNames.Kind.allCases) func whatCannotBeReadIsNoList(kind: TargetNames.Kind) async {
        for body in [nil, "", "<html>", "[]"] {
            let console = Console { _ in body }
            let names = await loader(console).load(kind)
            #expect(names == nil || body == "[]" && names == [], "\(body ?? "an error")")
        }
    }

    @Test func whatTheOperatorDoesNotAllowIsNotRead() async {
        let console = Console { _ in #"{"resources": []}"# }
        let loader = loader(console, Policy(capabilities: ["roles:read"]))
        #expect(await loader.load(.users) == nil)
        #expect(await loader.load(.roles) == [])
        #expect(console.sent.withLock { $0 } == ["roles.list"])
    }
}

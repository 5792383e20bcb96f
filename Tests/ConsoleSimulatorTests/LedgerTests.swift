import Operations
import Testing

@testable import ConsoleModel
@testable import ConsoleSimulator

@Suite struct LedgerTests {
    @Test func changesStandInTheOrderTheyWereCarriedOut() throws {
        var harness = Harness()
        #expect(try harness.send("GET", "/_simulator/ledger").body == [])
        let id = try harness.create("new.user")
        harness.moment = Timestamp(milliseconds: harness.moment.milliseconds + 1500)
        _ = try harness.send("PUT", "/api/3/users/\(id)/sites/2?x=1")
        _ = try harness.send("DELETE", "/api/3/users/\(id)")
        let entries = try #require(try harness.send("GET", "/_simulator/ledger").body.arrayValue)
        #expect(entries.count == 3)
        #expect(
            entries[0] == [
                "seq": 1, "time": "2026-01-01T00:00:00.000Z", "method": "POST", "path": "/api/3/users",
                "operation": "users.create", "status": 201,
            ])
        #expect(
            entries[1] == [
                "seq": 2, "time": "2026-01-01T00:00:01.500Z", "method": "PUT", "operation": "users.add_site",
                "path": .string("/api/3/users/\(id)/sites/2"), "status": 200,
            ])
        #expect(entries[2]["operation"] == "users.delete")
    }

    @Test func readsAndRefusalsAreNoChanges() throws {
        var harness = Harness()
        _ = try harness.send("GET", "/api/3/users")
        _ = try harness.send("DELETE", "/api/3/users/1")
        _ = try harness.send("DELETE", "/api/3/users/999/lock")
        _ = try harness.send("PUT", "/api/3/roles/user", [:])
        _ = try harness.xpanse("set_user_role", ["request_data": ["user_emails": ["x@y"], "role_name": "Viewer"]])
        #expect(harness.operations.isEmpty)
    }

    @Test func everyChangeIsCalledAsInTheCatalogue() throws {
        var harness = Harness()
        for operation in Catalogue.standard.operations where operation.effect.isChange {
            let before = harness.operations.count
            let answer = try harness.answer(try SampleCalls.request(operation, &harness))
            #expect((200...201).contains(answer.status), "\(operation.name): \(answer.body)")
            #expect(harness.operations.count > before)
            #expect(harness.operations.last == operation.name)
        }
    }
}

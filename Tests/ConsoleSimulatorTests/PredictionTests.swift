import Operations
import Testing

@testable import ConsoleModel
@testable import ConsoleSimulator

@Suite struct PredictionTests {
    /// How far the worlds and the draws of the tests go.
    private static let seeds = Array(UInt64(1)...6)
    private static let steps = 40

    private static func worlds(seed: UInt64, oddities: Bool = true) -> PredictionWorlds {
        var settings = Simulation.Settings()
        settings.writesRoleTextAsObjects = seed % 2 == 0
        settings.writesCountsAsText = seed % 3 == 0
        return PredictionWorlds(
            seed: seed, wishes: .init(users: 24, lockedFraction: 0.4, oddities: oddities, xpanseUsers: 12),
            settings: settings)
    }

    /// Every read that a change may alter: of these users, and of all that is no user's.
    private static func reads(
        _ worlds: PredictionWorlds, _ users: [Int64], withLists: Bool
    ) throws -> [OperationCall] {
        var calls: [(String, [JSONValue])] = []
        for id in users {
            for name in ["users.get", "users.privileges", "users.sites", "users.asset_groups", "twofa.key"] {
                calls.append((name, [.integer(id)]))
            }
        }
        guard withLists else { return try calls.map { try worlds.call($0, $1) } }
        calls += [("roles.list", []), ("xpanse.users", [])]
        for role in ["user", "site-admin", "tier-1-support", "Site Admin Custom", "new-a", "new-b", "none"] {
            calls += [("roles.get", [.string(role)]), ("roles.users", [.string(role)])]
        }
        for name in ["create-reports", "manage-sites", "manage-dynamic-asset-groups", "all-permissions", "manage-tags"]
        {
            calls.append(("privileges.users", [.string(name)]))
        }
        for id in 1...6 { calls.append(("auth_sources.users", [.integer(Int64(id))])) }
        for role in ["Viewer", "Responder", "Account Admin"] { calls.append(("xpanse.roles", [[.string(role)]])) }
        calls.append(("xpanse.groups", [["Night Shift"]]))
        return try calls.map { try worlds.call($0, $1) }
    }

    /// - Returns: how many answers could be compared.
    private static func compare(
        _ worlds: inout PredictionWorlds, _ calls: [OperationCall], _ comment: String
    ) throws -> Int {
        var compared = 0
        for call in calls {
            let planned = try worlds.plannedRead(call)
            let sent = OperationCall(
                checked: call.operation, arguments: call.arguments.mapValues { worlds.translated($0) })
            let real = try PredictionWorlds.send(sent, to: &worlds.real)
            let (left, right) = (
                try worlds.comparable(planned.answer, of: call), try worlds.comparable(real, of: call)
            )
            // All the sites that there are is what nobody can tell beforehand.
            let isAccess = ["users.sites", "users.asset_groups"].contains(call.operation.name)
            if planned.isGuess, isAccess, left != right { continue }
            compared += 1
            #expect(left == right, "\(comment): \(call.operation.name) \(call.arguments)")
        }
        return compared
    }

    /// All users, walked by pages.
    private static func walk(
        _ worlds: inout PredictionWorlds, _ size: Int, _ sort: String,
        _ read: (inout PredictionWorlds, OperationCall) throws -> Result<OperationReply, APIError>
    ) throws -> (ids: [Int64], elements: [JSONValue], total: Int64) {
        var (elements, total, index, pages): ([JSONValue], Int64, Int64, Int64) = ([], 0, 0, 1)
        while index < pages {
            let query: JSONValue = ["page": .integer(index), "size": .integer(Int64(size)), "sort": .string(sort)]
            let call = try worlds.call("users.page", [query])
            let (value, page) = call.operation.result.apply(
                to: try JSONValue(parsing: try read(&worlds, call).get().body))
            elements += try #require(value.arrayValue)
            total = try #require(page?["totalResources"]?.integerValue)
            pages = try #require(page?["totalPages"]?.integerValue)
            index += 1
        }
        return (elements.compactMap { $0["id"]?.integerValue }, elements, total)
    }

    @Test(arguments: seeds) func everyReadTellsWhatTheConsoleHasBecome(seed: UInt64) throws {
        var worlds = Self.worlds(seed: seed)
        var changes = RandomChanges(seed: seed, worlds.real)
        var (done, refused, idle, compared) = (0, 0, 0, 0)
        for step in 1...Self.steps {
            let (name, values) = try changes.next { id in
                let get = try worlds.call("users.get", [.integer(id)])
                guard case .success(let reply) = try worlds.plannedRead(get).answer else { return nil }
                return try JSONValue(parsing: reply.body)
            }
            let comment = "step \(step): \(name) \(JSONValue.array(values))"
            let before = worlds.real.simulation
            let (prediction, renewed, outcome) = try worlds.change(name, values)
            let call = try worlds.call(name, values)
            #expect(
                try worlds.comparable(prediction.reply, of: call) == worlds.comparable(outcome, of: call), "\(comment)")
            switch (prediction.reply, outcome) {
            case (.success(let planned), .success(let real)): #expect(planned.status == real.status, "\(comment)")
            case (.failure, .failure): refused += 1
            default: break
            }
            if let id = prediction.placeholder { changes.add(id) }
            let isTaken = prediction.reply.error?.message.contains("already in use") == true
            if isTaken {
                #expect(!renewed.reply.isSuccess || prediction.isConditional, "\(comment)")
            } else {
                // Made anew over what has become of the console, it is the same: so an apply knows its plan again.
                #expect(
                    worlds.translated(.array(prediction.changes.map(\.json))) == .array(renewed.changes.map(\.json)),
                    "\(comment)")
                #expect(prediction.reply.isSuccess == renewed.reply.isSuccess, "\(comment)")
                #expect(prediction.hasNoEffect == renewed.hasNoEffect, "\(comment)")
            }
            let after = worlds.real.simulation
            if prediction.hasNoEffect {
                #expect(prediction.changes.isEmpty, "\(comment)")
                idle += 1
            } else {
                #expect(!prediction.changes.isEmpty, "\(comment)")
                done += 1
            }
            let isSame = Self.isSame(before, after)
            // Whether a seed differs is what a prediction does not read.
            if name != "twofa.set" {
                #expect(isSame == prediction.hasNoEffect, "\(comment): \(prediction.changes.map(\.json))")
            }
            let named = [values.first?.integerValue].compactMap { $0 }
            let isPlanned = named.contains { worlds.shadow.placeholder($0) != nil }
            #expect(prediction.isConditional == (isPlanned || isTaken), "\(comment)")
            #expect(!prediction.summary.isEmpty)
            let some = try Self.reads(
                worlds, [1, changes.users[step % changes.users.count]] + named, withLists: step % 3 == 0)
            compared += try Self.compare(&worlds, some, comment)
        }
        compared += try Self.compare(&worlds, Self.reads(worlds, changes.users, withLists: true), "at the end")
        #expect(done > 5 && refused > 2 && idle > 0 && compared > 500)
    }

    /// Whether two worlds hold the same, whatever their memories of logins and orders are.
    private static func isSame(_ left: Simulation, _ right: Simulation) -> Bool {
        func users(_ simulation: Simulation) -> [User] {
            simulation.console.ids.ids.compactMap(simulation.console.user).map { user in
                var user = user
                (user.generation, user.password) = (0, nil)
                // The console tells neither of them.
                user.flags.subtract([.passwordResetOnLogin, .writesNull])
                return user
            }
        }
        return users(left) == users(right) && left.console.roles == right.console.roles
            && left.xpanse.users == right.xpanse.users
    }

    @Test(arguments: seeds) func pagesTogetherAreEveryUserOnce(seed: UInt64) throws {
        var worlds = Self.worlds(seed: seed)
        var changes = RandomChanges(seed: seed &+ 1000, worlds.real)
        for _ in 1...Self.steps {
            let (name, values) = changes.next { _ in nil }
            let prediction = try worlds.change(name, values).prediction
            if let id = prediction.placeholder { changes.add(id) }
        }
        for (size, sort) in [(3, "id,ASC"), (10, "login,DESC"), (500, "role.id")] {
            let planned = try Self.walk(&worlds, size, sort) { worlds, call in try worlds.plannedRead(call).answer }
            let real = try Self.walk(&worlds, size, sort) { worlds, call in
                try PredictionWorlds.send(call, to: &worlds.real)
            }
            #expect(planned.total == real.total)
            #expect(planned.total == Int64(planned.ids.count))
            let byID = Dictionary(real.elements.map { ($0["id"], $0) }, uniquingKeysWith: { $1 })
            #expect(Set(planned.ids).count == planned.ids.count)
            #expect(planned.ids.count == real.ids.count)
            for element in planned.elements {
                let translated = worlds.translated(element)
                #expect(translated == byID[translated["id"]])
            }
            // users.each leaves out what does not come in ascending order.
            if sort == "id,ASC" { #expect(planned.ids == planned.ids.sorted()) }
        }
    }

    @Test(arguments: seeds) func undoingRestoresWhatWasThere(seed: UInt64) throws {
        var worlds = Self.worlds(seed: seed, oddities: false)
        let before = worlds.real.simulation
        var changes = RandomChanges(seed: seed, worlds.real, isReversible: true)
        for _ in 1...Self.steps {
            let (name, values) = try changes.next { id in
                let get = try worlds.call("users.get", [.integer(id)])
                guard case .success(let reply) = try worlds.plannedRead(get).answer else { return nil }
                return try JSONValue(parsing: reply.body)
            }
            let prediction = try worlds.change(name, values).prediction
            if let id = prediction.placeholder { changes.add(id) }
        }
        #expect(!Self.isSame(before, worlds.real.simulation))
        let (steps, impossible) = Inverse.plan(worlds.made)
        #expect(!steps.isEmpty)
        // The role that Xpanse's administrator had is the only one that cannot be given back.
        #expect(impossible.allSatisfy { $0.reason.contains("Account Admin") })
        for step in steps {
            let call = try worlds.call(step.operation, step.arguments)
            let outcome = try PredictionWorlds.send(call, to: &worlds.real)
            #expect(throws: Never.self, "\(step)") { try outcome.get() }
        }
        var after = worlds.real.simulation
        if !impossible.isEmpty { after.xpanse = before.xpanse }
        #expect(Self.isSame(before, after))
    }
}

extension Result {
    fileprivate var isSuccess: Bool { error == nil }

    fileprivate var error: Failure? {
        if case .failure(let error) = self { error } else { nil }
    }
}

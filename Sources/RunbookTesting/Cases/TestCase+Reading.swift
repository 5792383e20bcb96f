internal import ConsoleModel
internal import Operations
internal import RunbookHost

extension TestCase {
    /// What is wrong with a case.
    struct Fault: Error, Sendable, CustomStringConvertible {
        let description: String
    }

    private static let fields = [
        "given", "params", "confirm", "now", "target", "refuse", "status", "error", "changes", "unordered", "result",
        "result_has", "log", "after", "check", "plan", "again", "kill",
    ]

    /// Reads a case as the test file has written it.
    init(_ name: String, _ location: String, _ table: JSONValue, _ catalogue: Catalogue) throws(Fault) {
        let members = try Self.members(table, "the test", known: Self.fields)
        let simulation: Simulation
        do throws(GivenFault) { simulation = try Simulation(given: members["given"] ?? .null) } catch {
            throw Fault(description: error.description)
        }
        self.init(operations: catalogue, name: name, location: location, simulation: simulation)
        for (name, value) in try Self.members(members["params"] ?? [:], "params", known: nil) {
            parameters[name] = .value(value)
        }
        confirmation = try Self.boolean(members, "confirm")
        if let value = members["now"] {
            guard let text = value.stringValue, let moment = Moment.unixMilliseconds(text) else {
                throw Fault(description: "now must be a moment such as \"2026-11-22T10:00:00Z\", not \(value.text)")
            }
            now = moment
        }
        if let value = members["target"] {
            switch value.stringValue {
            case "both": break
            case "console": services = [.console]
            case "xpanse": services = [.xpanse]
            default:
                throw Fault(description: "target must be \"console\", \"xpanse\" or \"both\", not \(value.text)")
            }
        }
        refusals = try Self.refusals(members["refuse"] ?? [], catalogue)
        expectation = try Self.expectation(members, "", Expectation(), catalogue)
        plan = try Self.extra(members, "plan")
        kill = try Self.extra(members, "kill")
        if let wanted = members["again"], wanted.objectValue != nil {
            let given = try Self.members(
                wanted, "again",
                known: ["status", "error", "changes", "unordered", "result", "result_has", "log", "after"])
            expectationAgain = try Self.expectation(
                given, "again.", Expectation(changes: given["status"] == nil ? [] : nil), catalogue)
        } else {
            again = try Self.extra(members, "again", orTable: " or a table of what is expected")
        }
    }

    private static func extra(
        _ members: [String: JSONValue], _ name: String, orTable: String = ""
    ) throws(Fault) -> Extra {
        guard let value = members[name] else { return .made }
        guard let reason = value.stringValue, !reason.isEmpty else {
            throw Fault(
                description: "\(name) must be the reason why that check is left out\(orTable), not \(value.text)")
        }
        return .leftOut(reason)
    }

    private static func expectation(
        _ members: [String: JSONValue], _ prefix: String, _ base: Expectation, _ catalogue: Catalogue
    ) throws(Fault) -> Expectation {
        var expectation = base
        if let value = members["status"] {
            guard let status = value.stringValue.flatMap(RunStatus.init), status != .running else {
                let all = RunStatus.allCases.filter { $0 != .running }.map { "\"\($0.rawValue)\"" }
                throw Fault(
                    description: "\(prefix)status must be one of \(all.joined(separator: ", ")), not \(value.text)")
            }
            expectation.status = status
        }
        if let value = members["error"] {
            guard let text = value.stringValue, !text.isEmpty else {
                throw Fault(description: "\(prefix)error must be a part of the error's message, not \(value.text)")
            }
            guard expectation.status != .succeeded else {
                throw Fault(
                    description: "\(prefix)error is expected of a run that succeeds: add status = \"failed\"")
            }
            expectation.error = text
        }
        if let value = members["changes"] {
            let patterns = try list(value, "\(prefix)changes")
            var changes: [CallPattern] = []
            for (index, pattern) in patterns.enumerated() {
                changes.append(try self.pattern(pattern, "\(prefix)changes[\(index + 1)]", catalogue, changing: true))
            }
            expectation.changes = changes
        }
        expectation.isUnordered = try boolean(members, "unordered") ?? false
        expectation.result = members["result"]
        expectation.partOfResult = members["result_has"]
        for value in try list(members["log"] ?? [], "\(prefix)log") {
            guard let text = value.stringValue else {
                throw Fault(description: "\(prefix)log must be a list of parts of log lines, and has \(value.text)")
            }
            expectation.log.append(text)
        }
        if let value = members["after"] {
            expectation.after = try after(value, "\(prefix)after")
        }
        return expectation
    }

    /// Reads things by their names. What has another shape would be compared with nothing.
    private static func after(_ value: JSONValue, _ place: String) throws(Fault) -> JSONValue {
        let kinds = try members(value, place, known: ["users", "roles", "xpanse"])
        for (kind, things) in kinds.sorted(by: { $0.key < $1.key }) {
            for (name, thing) in try members(things, "\(place).\(kind)", known: nil).sorted(by: { $0.key < $1.key }) {
                guard thing.boolValue == nil, thing.objectValue == nil, thing.arrayValue?.isEmpty != true else {
                    continue
                }
                throw Fault(
                    description:
                        "\(place).\(kind)\(Comparison.place(of: name)) must be a table of some of its fields, true or "
                        + "false, not \(thing.kindName)")
            }
        }
        return .object(kinds)
    }

    private static func refusals(_ value: JSONValue, _ catalogue: Catalogue) throws(Fault) -> [Refusal] {
        var refusals: [Refusal] = []
        for (index, entry) in try list(value, "refuse").enumerated() {
            let place = "refuse[\(index + 1)]"
            let fields = try members(entry["fields"] ?? [:], place, known: ["status", "message", "times"])
            guard let status = fields["status"]?.integerValue.flatMap({ Int(exactly: $0) }),
                (300...599).contains(status)
            else {
                throw Fault(
                    description:
                        "\(place) must say with which status, such as { \"users.unlock\", 7, status = 500 }")
            }
            let message = fields["message"] ?? "The test refuses this: nothing was done."
            guard let text = message.stringValue else {
                throw Fault(description: "\(place).message must be a string, not \(message.text)")
            }
            let times = fields["times"]?.integerValue
            if let value = fields["times"], times ?? 0 < 1 {
                throw Fault(description: "\(place).times must be how often, an integer from 1, not \(value.text)")
            }
            refusals.append(
                Refusal(
                    pattern: try pattern(entry["call"] ?? .null, place, catalogue, changing: false), status: status,
                    message: text, times: times.map { Int($0) }))
        }
        return refusals
    }

    /// Reads `{ "users.unlock", 7 }`.
    private static func pattern(
        _ value: JSONValue, _ place: String, _ catalogue: Catalogue, changing: Bool
    ) throws(Fault) -> CallPattern {
        guard let elements = value.arrayValue, let name = elements.first?.stringValue else {
            throw Fault(
                description: "\(place) must be an operation and its arguments, such as { \"users.unlock\", 7 }, not "
                    + ShownJSON.text(value))
        }
        let known = catalogue.operations.filter { !changing || $0.effect.isChange }.map(\.name)
        guard known.contains(name) else {
            let advice = name.nearest(among: known).map { "did you mean '\($0)'?" } ?? "see 'runbook operations'"
            let what = catalogue[name] == nil ? "an operation" : "an operation that changes something"
            throw Fault(description: "\(place) names '\(name)', which is not \(what); \(advice)")
        }
        return CallPattern(operation: name, arguments: Array(elements.dropFirst()))
    }

    private static func members(
        _ value: JSONValue, _ place: String, known: [String]?
    ) throws(Fault) -> [String: JSONValue] {
        guard let members = value.arrayValue?.isEmpty == true ? [:] : value.objectValue else {
            throw Fault(description: "\(place) must be a table, not \(value.kindName)")
        }
        for name in members.keys.sorted() {
            guard let known, !known.contains(name) else { continue }
            let advice =
                name.nearest(among: known).map { "did you mean '\($0)'?" }
                ?? "there are: \(known.joined(separator: ", "))"
            throw Fault(description: "\(place) has no field '\(name)'; \(advice)")
        }
        return members
    }

    private static func list(_ value: JSONValue, _ place: String) throws(Fault) -> [JSONValue] {
        guard let elements = value.objectValue?.isEmpty == true ? [] : value.arrayValue else {
            throw Fault(description: "\(place) must be a list, not \(value.kindName)")
        }
        return elements
    }

    private static func boolean(_ members: [String: JSONValue], _ name: String) throws(Fault) -> Bool? {
        guard let value = members[name] else { return nil }
        guard let boolean = value.boolValue else {
            throw Fault(description: "\(name) must be true or false, not \(value.text)")
        }
        return boolean
    }
}

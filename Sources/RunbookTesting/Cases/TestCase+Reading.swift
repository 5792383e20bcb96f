internal import ConsoleModel
internal import Operations
internal import RunbookHost

extension TestCase {
    private static let beginnings = [
        "given", "params", "confirm", "now", "target", "refuse",
    ]

    private static let expectations = [
        "status", "error", "changes", "unordered", "result", "result_has", "log", "after",
    ]

    private static let others = [
        "check", "plan", "again", "kill",
    ]

    /// Reads a case as the test file has written it.
    init(_ name: String, _ location: String, _ table: JSONValue, _ catalogue: Catalogue) throws(GivenFault) {
        let given = try GivenTable(
            table, "", called: "the test",
            known: Self.beginnings + Self.expectations + Self.others)
        self.init(
            operations: catalogue, name: name, location: location,
            simulation: try Simulation(given: given.value("given") ?? .null))
        for (name, value) in try GivenTable(given.value("params") ?? [:], "params", known: nil).members {
            parameters[name] = .value(value)
        }
        confirmation = try given.boolean("confirm")
        if let value = given.value("now") {
            guard let text = value.stringValue, let moment = Moment.unixMilliseconds(text) else {
                throw given.fault("now", "must be a moment such as \"2026-11-22T10:00:00Z\", not \(value.text)")
            }
            now = moment
        }
        if let value = given.value("target") {
            switch value.stringValue {
            case "both": break
            case "console": services = [.console]
            case "xpanse": services = [.xpanse]
            default:
                throw given.fault("target", "must be \"console\", \"xpanse\" or \"both\", not \(value.text)")
            }
        }
        refusals = try Self.refusals(try given.list("refuse") ?? [], catalogue)
        expectation = try Self.expectation(given, Expectation(), catalogue)
        plan = try Self.extra(given, "plan")
        kill = try Self.extra(given, "kill")
        if let wanted = given.value("again"), wanted.objectValue != nil {
            let again = try GivenTable(wanted, "again", known: Self.expectations)
            expectationAgain = try Self.expectation(
                again, Expectation(changes: again.has("status") ? nil : []), catalogue)
        } else {
            again = try Self.extra(given, "again", orTable: " or a table of what is expected")
        }
    }

    private static func extra(
        _ given: GivenTable, _ name: String, orTable: String = ""
    ) throws(GivenFault) -> Extra {
        guard let value = given.value(name) else { return .made }
        guard let reason = value.stringValue, !reason.isEmpty else {
            throw given.fault(
                name, "must be the reason why that check is left out\(orTable), not \(value.text)")
        }
        return .leftOut(reason)
    }

    private static func expectation(
        _ given: GivenTable, _ base: Expectation, _ catalogue: Catalogue
    ) throws(GivenFault) -> Expectation {
        var expectation = base
        if let value = given.value("status") {
            guard let status = value.stringValue.flatMap(RunStatus.init), status != .running else {
                let all = RunStatus.allCases.filter { $0 != .running }.map { "\"\($0.rawValue)\"" }
                throw given.fault("status", "must be one of \(all.joined(separator: ", ")), not \(value.text)")
            }
            expectation.status = status
        }
        if let value = given.value("error") {
            guard let text = value.stringValue, !text.isEmpty else {
                throw given.fault("error", "must be a part of the error's message, not \(value.text)")
            }
            guard expectation.status != .succeeded else {
                throw given.fault("error", "is expected of a run that succeeds: add status = \"failed\"")
            }
            expectation.error = text
        }
        if let patterns = try given.list("changes") {
            var changes: [CallPattern] = []
            for (index, pattern) in patterns.enumerated() {
                let place = "\(given.path("changes"))[\(index + 1)]"
                changes.append(try self.pattern(pattern, place, catalogue, changing: true))
            }
            expectation.changes = changes
        }
        expectation.isUnordered = try given.boolean("unordered") ?? false
        // Here null is a value: that there is none.
        expectation.result = given.members["result"]
        expectation.partOfResult = given.members["result_has"]
        for value in try given.list("log") ?? [] {
            guard let text = value.stringValue else {
                throw given.fault("log", "must be a list of parts of log lines, and has \(value.text)")
            }
            expectation.log.append(text)
        }
        if let value = given.value("after") { expectation.after = try after(value, given.path("after")) }
        return expectation
    }

    /// Reads things by their names. What has another shape would be compared with nothing.
    private static func after(_ value: JSONValue, _ place: String) throws(GivenFault) -> JSONValue {
        let given = try GivenTable(value, place, known: ["users", "roles", "xpanse"])
        for (kind, things) in given.members.sorted(by: { $0.key < $1.key }) {
            let things = try GivenTable(things, given.path(kind), known: nil)
            for (name, thing) in things.members.sorted(by: { $0.key < $1.key }) {
                guard thing.boolValue == nil, thing.objectValue == nil, thing.arrayValue?.isEmpty != true else {
                    continue
                }
                throw GivenFault(
                    things.place + Comparison.place(of: name),
                    "must be a table of some of its fields, true or false, not \(thing.kindName)")
            }
        }
        return .object(given.members)
    }

    private static func refusals(_ entries: [JSONValue], _ catalogue: Catalogue) throws(GivenFault) -> [Refusal] {
        var refusals: [Refusal] = []
        for (index, entry) in entries.enumerated() {
            let place = "refuse[\(index + 1)]"
            let given = try GivenTable(entry["fields"] ?? [:], place, known: ["status", "message", "times"])
            guard let status = given.value("status")?.integerValue.flatMap({ Int(exactly: $0) }),
                (300...599).contains(status)
            else {
                throw GivenFault(
                    place, "must say with which status, such as { \"users.unlock\", 7, status = 500 }")
            }
            let text = try given.string("message") ?? "The test refuses this: nothing was done."
            let times = given.value("times")?.integerValue
            if let value = given.value("times"), times ?? 0 < 1 {
                throw given.fault("times", "must be how often, an integer from 1, not \(value.text)")
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
    ) throws(GivenFault) -> CallPattern {
        guard let elements = value.arrayValue, let name = elements.first?.stringValue else {
            throw GivenFault(
                place,
                "must be an operation and its arguments, such as { \"users.unlock\", 7 }, not \(ShownJSON.text(value))")
        }
        let known = catalogue.operations.filter { !changing || $0.effect.isChange }.map(\.name)
        guard known.contains(name) else {
            let advice = name.nearest(among: known).map { "did you mean '\($0)'?" } ?? "see 'runbook operations'"
            let what = catalogue[name] == nil ? "an operation" : "an operation that changes something"
            throw GivenFault(place, "names '\(name)', which is not \(what); \(advice)")
        }
        return CallPattern(operation: name, arguments: Array(elements.dropFirst()))
    }
}

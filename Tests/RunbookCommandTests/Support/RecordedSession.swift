import Operations
import RunbookHost
import Testing

@testable import runbook

/// Statements that were run one after the other as a session runs them, or all at once as a runbook.
struct RecordedSession {
    /// What was run, with what came of it.
    let statements: [SessionStatement]
    /// What it printed, but for what failed.
    let lines: [String]
    /// What the last statement that succeeded answered.
    let result: JSONValue

    /// What both have in common: globals of their own, whose `print` notes what it is given.
    private static let world = #"""
        runbook { title = "recording" }
        local lines = json.array {}
        local function shown(value)
            local kind = type(value)
            return (kind == "table" or kind == "function") and kind or tostring(value)
        end
        local world = {}
        for name, value in pairs(_G) do world[name] = value end
        world._G = world
        world.runbook = function() end
        world.print = function(...)
            local texts = table.pack(...)
            for index = 1, texts.n do texts[index] = shown(texts[index]) end
            lines[#lines + 1] = table.concat(texts, " ")
        end
        """#

    /// Runs statements, each as an expression or not.
    static func run(_ statements: [(source: String, isExpression: Bool)]) async throws -> RecordedSession {
        let input = JSONValue.array(statements.map { .array([.string($0.source), .bool($0.isExpression)]) })
        let outcome = try await evaluate(
            """
            local answers, result = json.array {}, nil
            for index, statement in ipairs(json.decode(\(HarmlessText.literal(input.text)))) do
                local chunk = assert(load((statement[2] and "return " or "") .. statement[1], "=s", "t", world))
                local before, printed = {}, #lines
                for name, value in pairs(world) do before[name] = value end
                local ok, value = pcall(chunk)
                if ok then
                    if value ~= nil then world._ = value end
                    local returnable = pcall(json.encode, value)
                    answers[index] = value == nil and "nothing" or returnable and "value" or "unreturnable"
                    result = nil
                    if returnable then result = value end
                else
                    for name in pairs(world) do world[name] = before[name] end
                    for name, value in pairs(before) do world[name] = value end
                    while #lines > printed do table.remove(lines) end
                    answers[index] = "failed"
                end
            end
            return { lines = lines, answers = answers, result = result }
            """)
        let kinds: [String: SessionStatement.Answer] = [
            "nothing": .nothing, "value": .value, "unreturnable": .unreturnable,
        ]
        let answers = outcome["answers"]?.arrayValue?.compactMap(\.stringValue) ?? []
        try #require(answers.count == statements.count)
        let recorded = zip(statements, answers).map { statement, answer in
            SessionStatement(
                statement.source, isExpression: statement.isExpression,
                outcome: answer == "failed" ? .failed : .succeeded, answer: kinds[answer])
        }
        return RecordedSession(statements: recorded, lines: lines(outcome), result: outcome["result"] ?? .null)
    }

    /// Runs a runbook.
    static func run(recorded text: String) async throws -> RecordedSession {
        let outcome = try await evaluate(
            """
            local result = assert(load(\(HarmlessText.literal(text)), "=recorded", "t", world))()
            return { lines = lines, result = result }
            """)
        return RecordedSession(statements: [], lines: lines(outcome), result: outcome["result"] ?? .null)
    }

    private static func evaluate(_ source: String) async throws -> JSONValue {
        let runbook = Runbook(name: "session.lua", source: world + "\n" + source)
        let outcome = await RunbookHost.withoutTarget.start(runbook).outcome
        try #require(outcome.status == .succeeded, "\(outcome.error?.message ?? "")\n\(source)")
        return outcome.result
    }

    private static func lines(_ outcome: JSONValue) -> [String] {
        outcome["lines"]?.arrayValue?.compactMap(\.stringValue) ?? []
    }
}

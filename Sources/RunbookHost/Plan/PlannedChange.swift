public import Operations

/// A change that a plan lists.
public struct PlannedChange: Sendable, Hashable {
    /// Its place in the plan, from 1.
    public var number: Int
    /// The script's line.
    public var line: Int
    /// The operation's name.
    public var operation: String
    /// The arguments by name, secrets redacted.
    public var arguments: JSONValue
    /// The arguments as they are compared when the plan is applied: canonical JSON with each secret as its keyed digest.
    public var content: String
    /// What it is about: `{"type","id","name"}`, or `null`.
    public var target: JSONValue
    /// What it does, one line for a person.
    public var summary: String
    /// The fields that differ: `[{"field","before","after"}]`.
    public var changes: JSONValue
    /// Whether it depends on a guess of what an earlier change answers.
    public var isConditional: Bool
    /// Whether nothing differs afterwards.
    public var hasNoEffect: Bool
    /// The id under which later changes of the plan name what it creates; `nil` if it creates nothing.
    public var placeholder: Int64?
    /// Why the server will refuse it, if that is foreseen.
    public var refusal: String?

    /// `{"number","line","operation",…}`.
    public var json: JSONValue {
        var members: [String: JSONValue] = [
            "number": .integer(Int64(number)), "line": .integer(Int64(line)), "operation": .string(operation),
            "arguments": arguments, "content": .string(content), "target": target, "summary": .string(summary),
            "changes": changes, "conditional": .bool(isConditional), "no_effect": .bool(hasNoEffect),
        ]
        if let placeholder { members["placeholder"] = .integer(placeholder) }
        if let refusal { members["refusal"] = .string(refusal) }
        return .object(members)
    }

    init(
        number: Int, line: Int, operation: String, arguments: JSONValue, content: String, target: JSONValue,
        summary: String, changes: JSONValue, isConditional: Bool, hasNoEffect: Bool, placeholder: Int64?,
        refusal: String?
    ) {
        self.number = number
        self.line = line
        self.operation = operation
        self.arguments = arguments
        self.content = content
        self.target = target
        self.summary = summary
        self.changes = changes
        self.isConditional = isConditional
        self.hasNoEffect = hasNoEffect
        self.placeholder = placeholder
        self.refusal = refusal
    }

    /// Reads ``json``.
    init?(_ json: JSONValue) {
        guard let number = json["number"]?.integerValue, let line = json["line"]?.integerValue,
            let operation = json["operation"]?.stringValue, let content = json["content"]?.stringValue,
            let summary = json["summary"]?.stringValue
        else { return nil }
        self.init(
            number: Int(number), line: Int(line), operation: operation, arguments: json["arguments"] ?? .null,
            content: content, target: json["target"] ?? .null, summary: summary, changes: json["changes"] ?? [],
            isConditional: json["conditional"]?.boolValue ?? false, hasNoEffect: json["no_effect"]?.boolValue ?? false,
            placeholder: json["placeholder"]?.integerValue, refusal: json["refusal"]?.stringValue)
    }
}

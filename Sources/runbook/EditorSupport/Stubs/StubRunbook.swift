import Operations
import RunbookHost

/// What definition files say besides the catalogue and the prelude's list.
enum StubRunbook {
    /// What the tables are.
    static let tables: [String: String] = [
        "users": "The users of the console, and what they may access.",
        "roles": "The roles of the console, and who has them.",
        "privileges": "The privileges that roles of the console grant.",
        "twofa": "Two-factor authentication of the console's users.",
        "auth_sources": "What checks the passwords of the console's users.",
        "xpanse": "The users, roles and groups of Cortex Xpanse.",
        "log": "The run's log.",
        "csv": "Tables as text.",
        "json": "JSON as text.",
        "secrets": "Passwords that the script never sees.",
    ]

    /// The types of manifests and errors.
    static func items(capabilities: [String]) -> [StubItem] {
        [
            .alias(
                name: "Capability", type: "", values: capabilities,
                documentation: "The right to one kind of action, as a manifest's needs name it."),
            .alias(
                name: "RunbookParameterType", type: "",
                values: ParameterDeclaration.ValueType.allCases.map(\.rawValue),
                documentation: "The types that a parameter may have."),
            .table(
                name: "RunbookParameter",
                fields: [
                    StubField(
                        name: "type", type: "RunbookParameterType", isOptional: true,
                        documentation: "The type. Default: string."),
                    StubField(
                        name: "required", type: "boolean", isOptional: true,
                        documentation: "Whether a run is refused without it. Default: false."),
                    StubField(
                        name: "default", type: "any", isOptional: true, documentation: "The value if none is given."),
                    StubField(
                        name: "choices", type: "any[]", isOptional: true, documentation: "The only values it may have."),
                    StubField(
                        name: "pattern", type: "string", isOptional: true,
                        documentation: "A Lua pattern that the whole value must match."),
                    StubField(name: "doc", type: "string", isOptional: true, documentation: "What it means."),
                ], documentation: "A parameter that a manifest declares."),
            .alias(
                name: "RunbookErrorKind", type: "string", values: APIError.Kind.allCases.map(\.rawValue),
                documentation: "What kind of failure a call has met with."),
            .table(
                name: "RunbookError",
                fields: [
                    StubField(name: "kind", type: "RunbookErrorKind", documentation: "What kind of failure it is."),
                    StubField(
                        name: "status", type: "integer", isOptional: true,
                        documentation: "The HTTP status, if the server has answered."),
                    StubField(
                        name: "message", type: "string", documentation: "What went wrong and what to do."),
                    StubField(name: "operation", type: "string", documentation: "The name of what was called."),
                    StubField(
                        name: "details", type: "any", isOptional: true, documentation: "What the server said besides."),
                ],
                documentation: """
                    What a failed call raises, and pcall catches: write ---@type RunbookError before a variable that \
                    holds one. tostring makes one line of it.
                    """),
        ]
    }

    /// The options that any operation takes.
    static func callOptions(_ types: inout StubTypes) -> String {
        types.define(
            "CallOptions",
            .table(
                name: "CallOptions",
                fields: [
                    StubField(
                        name: "links", type: "boolean", isOptional: true,
                        documentation: "Whether the links in the reply are kept. Default: false."),
                    StubField(
                        name: "timeout", type: "string|number", isOptional: true,
                        documentation: "How long the answer may take: seconds, or a duration such as \"5s\"."),
                ], documentation: "What any call of an operation takes behind its arguments."))
    }

    /// What of Lua's library `os` is there: the configuration turns the library itself off.
    static let clock: [StubItem] = [
        .library(
            name: "os", className: "oslib",
            documentation: "The run's clock, in UTC. Nothing else of Lua's library os is there."),
        .function(
            StubFunction(
                name: "os.clock", summary: "The seconds since the run began.", paragraphs: [], parameters: [],
                results: [StubField(name: "", type: "number", documentation: "seconds")])),
        .function(
            StubFunction(
                name: "os.date", summary: "A time as text or as a table, in UTC.", paragraphs: [],
                parameters: [
                    StubField(
                        name: "format", type: "string", isOptional: true,
                        documentation: "As strftime has it, such as \"%Y-%m-%d\"; \"*t\" for a table."),
                    StubField(
                        name: "time", type: "integer", isOptional: true,
                        documentation: "Seconds since 1970. Default: now."),
                ],
                results: [StubField(name: "", type: "string|osdate", documentation: "the time")])),
        .function(
            StubFunction(
                name: "os.difftime", summary: "The seconds from one time to another.", paragraphs: [],
                parameters: [
                    StubField(name: "later", type: "integer", documentation: "Seconds since 1970."),
                    StubField(name: "earlier", type: "integer", documentation: "Seconds since 1970."),
                ], results: [StubField(name: "", type: "number", documentation: "seconds")])),
        .function(
            StubFunction(
                name: "os.time", summary: "The time now, or that of a table, as seconds since 1970.", paragraphs: [],
                parameters: [
                    StubField(
                        name: "date", type: "osdate", isOptional: true, documentation: "The time, in UTC.")
                ], results: [StubField(name: "", type: "integer", documentation: "seconds since 1970")])),
        .table(
            name: "osdate",
            fields: [
                StubField(name: "year", type: "integer", documentation: "The year, such as 2026."),
                StubField(name: "month", type: "integer", documentation: "The month, from 1."),
                StubField(name: "day", type: "integer", documentation: "The day of the month, from 1."),
                StubField(name: "hour", type: "integer", isOptional: true, documentation: "The hour. Default: 12."),
                StubField(name: "min", type: "integer", isOptional: true, documentation: "The minute. Default: 0."),
                StubField(name: "sec", type: "integer", isOptional: true, documentation: "The second. Default: 0."),
                StubField(
                    name: "wday", type: "integer", isOptional: true,
                    documentation: "The day of the week; 1 is a Sunday. os.time does not read it."),
                StubField(
                    name: "yday", type: "integer", isOptional: true,
                    documentation: "The day of the year, from 1. os.time does not read it."),
                StubField(name: "isdst", type: "boolean", isOptional: true, documentation: "Always false."),
            ],
            documentation: "A time in parts, in UTC."),
    ]
}

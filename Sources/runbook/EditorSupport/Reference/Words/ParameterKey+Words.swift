import RunbookHost

extension ParameterKey {
    /// What its value is.
    var type: String {
        switch self {
        case .type, .pattern, .documentation: "a string"
        case .required: "a boolean"
        case .defaultValue: "any value"
        case .choices: "a list"
        }
    }

    /// What it means, in a sentence or two.
    var meaning: String {
        switch self {
        case .type: "What it must be. Default: string."
        case .required: "Whether a run is refused without it. Default: false."
        case .defaultValue:
            "The value if none is given. Not with required, nor for what comes from outside: secrets, files."
        case .choices: "The only values it may have."
        case .pattern: "A Lua pattern that the whole value must match."
        case .documentation: "What it means, in one sentence."
        }
    }
}

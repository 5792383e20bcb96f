/// Says types of LuaCATS in words.
enum TypeWords {
    /// What a person calls a type: `string|string[]` is "a string or a list of strings".
    static func words(_ type: String) -> String {
        if type.hasPrefix("fun(") { return "a function" }
        return alternatives(type).map(one).joined(separator: " or ")
    }

    /// The parts between `|` that stand in no brackets.
    private static func alternatives(_ type: String) -> [String] {
        var parts = [""]
        var depth = 0
        for character in type {
            if "(<{[".contains(character) { depth += 1 }
            if ")>}]".contains(character) { depth -= 1 }
            if character == "|", depth == 0 { parts.append("") } else { parts[parts.count - 1].append(character) }
        }
        return parts
    }

    private static func one(_ type: String) -> String {
        if type.hasPrefix("fun(") { return "an iterator" }
        if type.hasPrefix("table") { return "a table" }
        if type.hasSuffix("[]") {
            let element = String(type.dropLast(2))
            return element == "any" ? "a list" : "a list of \(plural(element))"
        }
        switch type {
        case "any": return "any value"
        case "integer": return "an integer"
        case "Secret": return "a secret"
        case "userdata": return "a constant"
        case "User?": return "a user or nil"
        default: return "a \(type.lowercased())"
        }
    }

    private static func plural(_ type: String) -> String { "\(type.lowercased())s" }
}

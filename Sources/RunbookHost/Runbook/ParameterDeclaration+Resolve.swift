public import Operations

/// A parameter's value as the caller gives it.
public enum ParameterInput: Sendable, Hashable {
    /// A typed value.
    case value(JSONValue)
    /// Text from a command line or a form, read by the declared type.
    case text(String)
}

extension Manifest {
    /// Every parameter's value for a run: given, or by default.
    ///
    /// - Parameters:
    ///   - inputs: what was given, by name.
    ///   - secret: finds the text of a secret that was given as text, such as `env:NAME`. Throws ``ParameterFault``.
    ///   - file: reads a file that was given by its path. Throws ``ParameterFault``.
    /// - Throws: ``ParameterFault`` for a parameter that is unknown, missing or wrong.
    package func resolve(
        _ inputs: [String: ParameterInput],
        secret: @Sendable (_ parameter: String, _ text: String) async throws(ParameterFault) -> SecretValue,
        file: @Sendable (_ parameter: String, _ path: String) async throws(ParameterFault) -> ParameterFile
    ) async throws(ParameterFault) -> [String: JSONValue] {
        for name in inputs.keys.sorted() where parameter(name) == nil {
            let names = parameters.map(\.name)
            let advice =
                name.nearest(among: names).map { "did you mean '\($0)'?" }
                ?? (names.isEmpty ? "the runbook takes none" : "there are: \(names.joined(separator: ", "))")
            throw ParameterFault(parameter: name, reason: "does not exist; \(advice)")
        }
        var values: [String: JSONValue] = [:]
        for declaration in parameters {
            switch inputs[declaration.name] {
            case .text(let text)? where declaration.type == .secret:
                values[declaration.name] = .secret(try await secret(declaration.name, text))
            case .text(let path)? where declaration.type == .file:
                values[declaration.name] = try await file(declaration.name, path).value
            case .text(let text)? where declaration.type == .files:
                var files: [JSONValue] = []
                for path in try declaration.paths(text) { files.append(try await file(declaration.name, path).value) }
                values[declaration.name] = .array(files)
            case .text(let text)?: values[declaration.name] = try declaration.check(try declaration.read(text))
            case .value(let value)?: values[declaration.name] = try declaration.check(value)
            case nil:
                if let value = declaration.defaultValue {
                    values[declaration.name] = try declaration.check(value)
                } else if declaration.isRequired {
                    let meaning = declaration.documentation.isEmpty ? "" : " (\(declaration.documentation))"
                    throw ParameterFault(
                        parameter: declaration.name,
                        reason:
                            "is missing\(meaning): give it with --param \(declaration.name)=\(declaration.type.placeholder)"
                    )
                }
            }
        }
        return values
    }

    /// Whether files are among the values: what is in them, which may be passwords, is for nobody to read.
    func hasFiles(among values: [String: JSONValue]) -> Bool {
        parameters.contains { ($0.type == .file || $0.type == .files) && values[$0.name] != nil }
    }

    /// Parameters as they may be shown and kept where everybody reads: of files what tells them apart.
    package func shown(_ values: [String: JSONValue]) -> [String: JSONValue] {
        var shown = values
        for declaration in parameters {
            guard let value = values[declaration.name] else { continue }
            switch declaration.type {
            case .file: shown[declaration.name] = .string(ParameterFile(value)?.summary ?? "")
            case .files:
                shown[declaration.name] = .array(
                    (value.arrayValue ?? []).map { .string(ParameterFile($0)?.summary ?? "") })
            case .string, .integer, .number, .boolean, .array, .secret: break
            }
        }
        return shown
    }
}

extension ParameterDeclaration.ValueType {
    /// What stands for a value of it in advice on the command line.
    fileprivate var placeholder: String {
        switch self {
        case .file: "PATH"
        case .files: "PATH,PATH"
        case .secret: "env:NAME"
        case .string, .integer, .number, .boolean, .array: "VALUE"
        }
    }
}

extension ParameterDeclaration {
    private func fault(_ reason: String) -> ParameterFault { ParameterFault(parameter: name, reason: reason) }

    /// The paths of several files.
    package func paths(_ text: String) throws(ParameterFault) -> [String] {
        let paths = text.split(separator: ",", omittingEmptySubsequences: false).map(\.trimmingSpaces)
        guard !paths.contains("") else {
            throw fault("must be paths with a comma between two of them, not '\(text)'")
        }
        return paths
    }

    /// Reads text by the declared type; of what comes from outside nothing is to be read in it.
    func read(_ text: String) throws(ParameterFault) -> JSONValue {
        switch type {
        case .string, .secret, .file, .files: return .string(text)
        case .integer:
            guard let value = Int64(text) else { throw fault("must be an integer, not '\(text)'") }
            return .integer(value)
        case .number:
            if let value = Int64(text) { return .integer(value) }
            guard let value = Double(text), value.isFinite else { throw fault("must be a number, not '\(text)'") }
            return .number(value)
        case .boolean:
            switch text.lowercased() {
            case "true", "yes", "1": return true
            case "false", "no", "0": return false
            default: throw fault("must be true or false, not '\(text)'")
            }
        case .array:
            if text.hasPrefix("[") {
                do throws(JSONSyntaxError) { return try JSONValue(parsing: text) } catch {
                    throw fault("must be a list: \(error)")
                }
            }
            return .array(text.split(separator: ",").map { .string($0.trimmingSpaces) })
        }
    }

    /// Checks a value against the declaration. Patterns are Lua's, and checked in the machine.
    func check(_ value: JSONValue) throws(ParameterFault) -> JSONValue {
        func mismatch(_ wanted: String) -> ParameterFault { fault("must be \(wanted), not \(value.kindName)") }
        switch type {
        case .string: if value.stringValue == nil { throw mismatch("a string") }
        case .integer: if value.integerValue == nil { throw mismatch("an integer") }
        case .number: if value.doubleValue == nil { throw mismatch("a number") }
        case .boolean: if value.boolValue == nil { throw mismatch("true or false") }
        case .array: if value.arrayValue == nil { throw mismatch("a list") }
        case .secret:
            if case .secret = value { return value }
            guard let text = value.stringValue else { throw mismatch("a secret") }
            return .secret(SecretValue(text))
        case .file: if ParameterFile(value) == nil { throw mismatch("a file: its name and text") }
        case .files:
            guard value.arrayValue?.allSatisfy({ ParameterFile($0) != nil }) == true else {
                throw mismatch("a list of files: their names and texts")
            }
        }
        if !choices.isEmpty, !choices.contains(value) {
            throw fault(
                "must be one of \(choices.map { $0.stringValue ?? $0.text }.joined(separator: ", ")), not \(value.stringValue ?? value.text)"
            )
        }
        return value
    }
}

extension Substring {
    /// Without spaces at either end.
    fileprivate var trimmingSpaces: String {
        var rest = self
        while rest.first == " " { rest.removeFirst() }
        while rest.last == " " { rest.removeLast() }
        return String(rest)
    }
}

extension Operation {
    /// Checks what a script passed, and names it.
    ///
    /// - Parameter values: the arguments as passed; trailing `null`s count as absent. With the convention `named` there
    ///   is at most one, an object.
    /// - Returns: the arguments by name, secrets sealed, read-only fields taken out.
    /// - Throws: ``APIError`` of kind `invalid_argument`, which names the argument and what is wrong with it.
    public func bind(_ values: [JSONValue]) throws(APIError) -> [String: JSONValue] {
        let count = values.lastIndex { !$0.isNull }.map { $0 + 1 } ?? 0
        switch convention {
        case .positional:
            guard count <= parameters.count else {
                let most = parameters.isEmpty ? "no arguments" : "\(Self.count(parameters.count, "argument")) at most"
                throw invalid("\(name) takes \(most), got \(count)")
            }
            var bound: [String: JSONValue] = [:]
            for (index, parameter) in parameters.enumerated() {
                try bind(parameter, to: index < count ? values[index] : .null, in: &bound)
            }
            return bound
        case .named:
            guard count <= 1 else { throw invalid("\(name) takes one table of arguments, got \(count) values") }
            guard count == 1 else { return try bind(named: [:]) }
            guard let members = values[0].membersOfTable else {
                throw invalid("\(name) takes one table of arguments, got \(values[0].kindName)")
            }
            return try bind(named: members)
        }
    }

    /// Checks arguments given by the parameters' names; see ``bind(_:)``.
    ///
    /// - Throws: ``APIError`` of kind `invalid_argument`.
    public func bind(named values: [String: JSONValue]) throws(APIError) -> [String: JSONValue] {
        let unknown = values.keys.filter { name in !parameters.contains { $0.name == name } }.min()
        if let unknown {
            throw invalid(name, ArgumentFault.unknown("argument", unknown, among: parameters.map(\.name)))
        }
        var bound: [String: JSONValue] = [:]
        for parameter in parameters { try bind(parameter, to: values[parameter.name] ?? .null, in: &bound) }
        return bound
    }

    private func bind(
        _ parameter: Parameter, to value: JSONValue, in bound: inout [String: JSONValue]
    ) throws(APIError) {
        if value.isNull {
            guard parameter.isRequired else { return }
            throw invalid(parameter.name, ArgumentFault.missing(documentation: parameter.documentation))
        }
        do { bound[parameter.name] = try parameter.type.check(value) } catch { throw invalid(parameter.name, error) }
    }

    private func invalid(_ place: String, _ fault: ArgumentFault) -> APIError {
        invalid("\(place)\(fault.path) \(fault.problem)")
    }

    private func invalid(_ sentence: String) -> APIError {
        let stop = sentence.hasSuffix("?") ? "" : "."
        return APIError(
            .invalidArgument, operation: name, message: "\(sentence)\(stop) Nothing was sent. Write it as \(signature)."
        )
    }

    private static func count(_ number: Int, _ noun: String) -> String {
        number == 1 ? "1 \(noun)" : "\(number) \(noun)s"
    }
}

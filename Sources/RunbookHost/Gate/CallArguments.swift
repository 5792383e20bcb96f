internal import Operations

/// The arguments of a call as the script passed them: the operation's own, and the options that any operation takes.
struct CallArguments {
    var values: [JSONValue]
    var keepsLinks = false
    var timeout: Duration?

    private static let options: Set<String> = ["links", "timeout"]

    /// Splits a trailing table of options off: `users.get(7, { links = true })`.
    init(_ values: [JSONValue], of operation: Operation) throws(APIError) {
        self.values = values
        let expected = operation.convention == .named ? 1 : operation.parameters.count
        guard values.count == expected + 1, let options = values.last?.objectValue,
            Set(options.keys).isSubset(of: Self.options)
        else { return }
        self.values.removeLast()
        func invalid(_ what: String) -> APIError {
            APIError(.invalidArgument, operation: operation.name, message: "\(what). Nothing was sent.")
        }
        if let links = options["links"] {
            guard let keeps = links.boolValue else { throw invalid("the option links must be true or false") }
            keepsLinks = keeps
        }
        if let value = options["timeout"] {
            let duration =
                value.stringValue.flatMap { Duration(quantity: $0) }
                ?? value.doubleValue.flatMap { Duration(quantity: "\($0)") }
            guard let duration, duration > .zero else {
                throw invalid("the option timeout must be seconds or a duration such as \"5s\"")
            }
            timeout = duration
        }
    }
}

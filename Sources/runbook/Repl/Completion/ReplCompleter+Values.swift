import LineEditor

/// Values of arguments and fields.
extension ReplCompleter {
    /// A value that fits, before it is written.
    private struct Value {
        /// What it is.
        let text: String
        let detail: String
        /// Whether it is written without quotes.
        let isBare: Bool
        /// What else it is found by.
        var other = ""
    }

    /// The values that fit a shape.
    ///
    /// - Parameter quote: the quote of the string at the cursor, empty for a long bracket; `nil` if it is in none.
    func values(_ shape: ValueShape, _ partial: String, quote: String?, _ after: TextAfter) async -> [Candidate] {
        var values: [Value] = []
        if shape.isBoolean { values += ["true", "false"].map { Value(text: $0, detail: "", isBare: true) } }
        values += shape.choices.map { Value(text: $0, detail: "", isBare: false) }
        var isCut = false
        if let reference = shape.reference {
            let found = await self.values(of: reference)
            values += found.values
            isCut = found.isCut
        }
        // What is a number or a boolean is no string.
        if quote != nil { values.removeAll(where: \.isBare) }
        var matching = NameMatch.best(values, partial) { $0.text }
        if matching.isEmpty, !partial.isEmpty {
            let small = partial.lowercased()
            matching = values.filter { value in
                value.other.split(separator: " ").contains { $0.lowercased().hasPrefix(small) }
            }
        }
        var candidates = matching.map { candidate($0, quote, after) }
        if isCut, let last = candidates.indices.last {
            candidates[last].detail = Self.joined(
                candidates[last].detail, "(only the first \(TargetNames.limit) are known)")
        }
        return candidates
    }

    private func candidate(_ value: Value, _ quote: String?, _ after: TextAfter) -> Candidate {
        if value.isBare { return Candidate(value.text, detail: value.detail) }
        guard let quote else {
            return Candidate("\"\(Self.escaped(value.text, "\""))\"", label: value.text, detail: value.detail)
        }
        let isClosed = after.byte != nil && after.byte == quote.utf8.first
        return Candidate(
            Self.escaped(value.text, quote), label: value.text, detail: value.detail, ending: isClosed ? "" : quote)
    }

    /// What there is of a kind, at the target or here.
    private func values(of reference: ValueShape.Reference) async -> (values: [Value], isCut: Bool) {
        func names(_ kind: TargetNames.Kind, _ value: (TargetName) -> Value) async -> (values: [Value], isCut: Bool) {
            let answer = await sources.targetNames.names(kind)
            return (answer.names.map(value).filter { !$0.text.isEmpty }, answer.isCut)
        }
        switch reference {
        case .userID:
            return await names(.users) {
                Value(
                    text: $0.id, detail: Self.joined($0.login, $0.name), isBare: true, other: "\($0.login) \($0.name)")
            }
        case .userLogin:
            return await names(.users) {
                Value(text: $0.login, detail: Self.joined($0.name, "id \($0.id)"), isBare: false, other: $0.name)
            }
        case .userName:
            return await names(.users) {
                Value(text: $0.name, detail: Self.joined($0.login, "id \($0.id)"), isBare: false, other: $0.login)
            }
        case .roleID: return await names(.roles) { Value(text: $0.id, detail: $0.name, isBare: false, other: $0.name) }
        case .privilege: return await names(.privileges) { Value(text: $0.id, detail: $0.name, isBare: false) }
        case .authenticationSource:
            return await names(.authenticationSources) {
                Value(text: $0.id, detail: $0.name, isBare: true, other: $0.name)
            }
        case .capability:
            return (calls.capabilities.map { Value(text: $0.name, detail: $0.detail, isBare: false) }, false)
        }
    }

    /// A text as it is written between quotes; between long brackets, which are empty here, as it is.
    static func escaped(_ text: String, _ quote: String) -> String {
        guard !quote.isEmpty else { return text }
        var written = ""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\\": written += "\\\\"
            case "\n": written += "\\n"
            case _ where String(scalar) == quote: written += "\\\(quote)"
            case _ where scalar.value < 0x20 || scalar.value == 0x7F:
                // Three digits: what follows may be a digit itself.
                let digits = String(scalar.value)
                written += "\\" + String(repeating: "0", count: 3 - digits.count) + digits
            default: written.unicodeScalars.append(scalar)
            }
        }
        return written
    }
}

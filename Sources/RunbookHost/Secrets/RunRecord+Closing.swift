internal import Operations

extension RunRecord {
    /// Redacts what the run was given, answered and said of its end.
    mutating func close(_ redactor: Redactor) {
        guard !redactor.isEmpty else { return }
        title = redactor.redact(title)
        parameters = redactor.redact(parameters)
        result = redactor.redact(result)
        error = redactor.redact(error)
    }
}

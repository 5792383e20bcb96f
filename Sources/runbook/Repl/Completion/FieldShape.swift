/// What is known of a field of a table, or of an argument.
struct FieldShape: Sendable {
    /// Its name.
    let name: String
    /// Whether it may be left out.
    let isOptional: Bool
    /// What it means, in one sentence.
    let documentation: String
    /// What its value must be.
    let shape: ValueShape
}

/// A plan as a store keeps it.
public struct StoredPlan: Sendable, Hashable {
    /// The plan's id.
    public var id: String
    /// When it was made, milliseconds since 1970.
    public var made: Int64
    /// The plan's document: JSON, as `runbook plan -o` writes it.
    public var document: [UInt8]
    /// The run that has applied it; `nil` if none has.
    public var appliedBy: String?

    /// A plan that was not applied yet.
    public init(id: String, made: Int64, document: [UInt8], appliedBy: String? = nil) {
        self.id = id
        self.made = made
        self.document = document
        self.appliedBy = appliedBy
    }
}

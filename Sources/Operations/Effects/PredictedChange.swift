/// What a change would do, as far as is known.
public struct PredictedChange: Sendable {
    /// What it is about; `nil` for an embedding program's own operations.
    public var target: ChangeTarget?
    /// One line for a person: `unlock user ada (7)`.
    public var summary: String
    /// The fields that differ afterwards, and no others.
    public var changes: [FieldChange]
    /// What the server would answer, in its own format, or the refusal that is surely foreseen.
    public var reply: Result<OperationReply, APIError>
    /// Whether it depends on a guess: on an identifier that exists only in the plan, on a seed that is not made yet, or
    /// on something that could not be read.
    public var isConditional: Bool
    /// Whether the reply holds what only the server can say: a new identifier, a new seed, a count.
    public var isReplyGuessed: Bool
    /// The identifier that stands for the user it creates, until the console gives one; `nil` if it creates none.
    ///
    /// It is what the script got, and what later changes of the same plan name.
    public var placeholder: Int64?
    /// Whether nothing would differ afterwards: an account that is not locked is unlocked, or the server would refuse.
    public var hasNoEffect: Bool
    /// What ``Inverse`` needs to restore the state before; `nil` if there is no inverse, or it could not be read.
    public var image: JSONValue?
}

/// A change that a run has made, or may have made.
public struct MadeChange: Sendable, Hashable {
    /// What was called. Secrets among the arguments may be missing or redacted.
    public let call: OperationCall
    /// The before-image, as ``Inverse/image(of:answers:)`` made it; `nil` if there is none.
    public let image: JSONValue?
    /// What the call answered, such as a new identifier; `nil` if nothing or not known.
    public let result: JSONValue?
    /// What it was about, if that is known.
    public let target: ChangeTarget?

    /// A change.
    ///
    /// - Parameters:
    ///   - call: see ``call``.
    ///   - image: see ``image``.
    ///   - result: see ``result``.
    ///   - target: for the words of what undoes it. Default: `nil`.
    public init(call: OperationCall, image: JSONValue?, result: JSONValue?, target: ChangeTarget? = nil) {
        self.call = call
        self.image = image
        self.result = result
        self.target = target
    }
}

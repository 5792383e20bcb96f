/// What a provider answers: candidates for a part of the text.
public struct Completions: Hashable, Sendable {
    /// The part that a candidate takes the place of, as offsets in the text's UTF-8. It ends at the cursor mostly.
    public var range: Range<Int>
    /// The candidates in the order to show them.
    public var candidates: [Candidate]

    /// Makes an answer.
    public init(replacing range: Range<Int>, _ candidates: [Candidate]) {
        self.range = range
        self.candidates = candidates
    }
}

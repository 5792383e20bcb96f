/// What is asked for by one reading of a line.
struct LineRequest: Sendable {
    var prompt: Prompt
    var text: String
    var remembers: Bool
    /// Tells the reading from others.
    var number: Int
}

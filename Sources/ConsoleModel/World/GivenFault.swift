/// What is wrong with something that a test is given, such as the description of a world, and where.
package struct GivenFault: Error, Sendable, Hashable {
    /// Where, in what was given: `users[2].role`.
    package let place: String
    /// The rest of the sentence that starts with the place: `must be a string, not an integer`.
    package let problem: String

    /// See the members.
    package init(_ place: String, _ problem: String) {
        self.place = place
        self.problem = problem
    }
}

extension GivenFault: CustomStringConvertible {
    /// One sentence.
    package var description: String { "\(place) \(problem)" }
}

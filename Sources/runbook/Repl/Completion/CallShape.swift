/// What is known of a function.
struct CallShape: Sendable {
    /// What one has with what it answers.
    enum Model: Sendable, Hashable {
        case user
        case role
        case authenticationSource
        /// A list or an iterator of those.
        indirect case many(Model)
    }

    /// The name: `users.unlock`.
    let name: String
    /// How a call is written behind the name: `(id)`, ` { page, size, sort }`.
    let call: String
    /// One line: what it does.
    let summary: String
    /// Whether it is a function.
    let isFunction: Bool
    /// Its arguments in order.
    let parameters: [FieldShape]
    /// What it answers, if that is known.
    let model: Model?

    /// Whether it is called with one table: `users.each { … }`.
    var takesTable: Bool { call.hasPrefix(" {") }
}

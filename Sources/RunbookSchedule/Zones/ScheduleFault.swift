/// What is wrong with an expression, a zone or a time that a person gave.
public struct ScheduleFault: Error, Sendable, Hashable, CustomStringConvertible {
    /// What was tried, what is wrong and what to do, in one paragraph.
    public let message: String
    /// The field of the cron expression at fault, such as `minute`; `nil` if it is none.
    public let field: String?
    /// The part of the given text at fault; `nil` if it is the whole.
    public let text: String?
    /// Where that part begins in the given text, in characters from 1 on; `nil` if it is the whole.
    public let column: Int?

    /// Creates a fault.
    ///
    /// - Parameters:
    ///   - message: what was tried, what is wrong and what to do, in one paragraph.
    ///   - field: the field of the cron expression at fault. Default: none.
    ///   - text: the part of the given text at fault. Default: the whole.
    ///   - column: where that part begins, in characters from 1 on. Default: none.
    public init(_ message: String, field: String? = nil, text: String? = nil, column: Int? = nil) {
        self.message = message
        self.field = field
        self.text = text
        self.column = column
    }

    /// Its message.
    public var description: String { message }

    /// A given text as a message shows it: in quotes, without line breaks and the like, and not too long.
    static func quoted(_ text: some StringProtocol) -> String {
        var shown = ""
        for scalar in text.unicodeScalars.prefix(80) {
            let isPlain = scalar.properties.generalCategory != .control && scalar.properties.generalCategory != .format
            shown.unicodeScalars.append(isPlain ? scalar : "\u{FFFD}")
        }
        return "'\(shown)\(text.unicodeScalars.count > 80 ? "…" : "")'"
    }
}

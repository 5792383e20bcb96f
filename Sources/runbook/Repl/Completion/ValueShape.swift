/// What is known of a value that is about to be typed: its type, and what it may be.
struct ValueShape: Sendable {
    /// What of the target it names.
    enum Reference: Sendable, Hashable {
        case userID
        case userLogin
        case userName
        case roleID
        case privilege
        case authenticationSource
        case capability
    }

    /// What it is made of.
    indirect enum Part: Sendable {
        /// A list of such values.
        case list(ValueShape)
        /// A table with these fields.
        case table([FieldShape])
        /// A table with such values under any names.
        case map(ValueShape)
    }

    /// What a person calls the type: `a string`, `an integer or a list of integers`.
    var type = ""
    /// Whether it may be `true` or `false`.
    var isBoolean = false
    /// The texts that are usual.
    var choices: [String] = []
    /// What of the target it names.
    var reference: Reference?
    /// What it may be made of.
    var parts: [Part] = []

    /// The fields, if it may be a table with fixed ones.
    var fields: [FieldShape]? {
        parts.lazy.compactMap { if case .table(let fields) = $0 { fields } else { nil } }.first
    }

    /// The elements, if it may be a list.
    var element: ValueShape? {
        parts.lazy.compactMap { if case .list(let element) = $0 { element } else { nil } }.first
    }

    /// What stands under a name.
    func value(under name: String) -> ValueShape? {
        for part in parts {
            switch part {
            case .table(let fields):
                if let field = fields.first(where: { $0.name == name }) { return field.shape }
            case .map(let value): return value
            case .list: break
            }
        }
        return nil
    }
}

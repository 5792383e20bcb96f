internal import RunbookHost

extension RunError {
    /// The message with its place before it, unless it tells that already.
    ///
    /// - Parameters:
    ///   - file: the script's name, which messages of Lua begin with.
    ///   - message: what is said instead of the message. Default: the message.
    func told(in file: String, as message: String? = nil) -> String {
        let message = message ?? self.message
        guard let location, !message.hasPrefix("\(file):") else { return message }
        return "\(location): \(message)"
    }
}

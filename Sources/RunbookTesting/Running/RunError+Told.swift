internal import RunbookHost

extension RunError {
    /// The message with its place before it, unless it tells that already.
    ///
    /// - Parameter file: the script's name, which messages of Lua begin with.
    func told(in file: String) -> String {
        guard let location, !message.hasPrefix("\(file):") else { return message }
        return "\(location): \(message)"
    }
}

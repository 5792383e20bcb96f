import CommandSupport
import RunbookHost

/// The key that seals what is secret in the state: sources, secrets, the answers that hold them.
///
/// It lies in `<state>/keys/state`, made on first use, unless the user's own configuration says where it is kept: then a
/// copy of the state folder alone opens nothing.
struct StateKey {
    private static let setting = "state.key"

    private let configuration: Configuration

    init(_ configuration: Configuration) { self.configuration = configuration }

    /// What seals with the key.
    ///
    /// - Parameter warn: is told if others can read the key.
    /// - Throws: ``CommandError`` if the key cannot be had, or is too short.
    func sealer(warn: (String) -> Void) throws(CommandError) -> Sealer {
        let place: String
        let key: [UInt8]
        if let source = configuration.stateKey {
            place = source.place(for: Self.setting)
            key = Self.key(try source.bytes(for: Self.setting, from: configuration.sources, warn: warn))
        } else {
            let file = KeyFile.state(stateDirectory: configuration.stateDirectory)
            place = file.path
            key = try file.sealingKey()
        }
        guard let sealer = Sealer(key: key) else {
            throw CommandError(
                "\(place) is no key: it must have \(Sealer.keyLength) bytes at least, as they are, in hexadecimal or in base64, such "
                    + "as 'openssl rand -hex 32' prints")
        }
        return sealer
    }

    /// The bytes of a key that was written down: hexadecimal digits or base64, if that makes enough of them, else the text
    /// or the bytes themselves. One line end after a text does not count.
    static func key(_ content: [UInt8]) -> [UInt8] {
        guard let text = SecretSource.line(content) else { return content }
        for bytes in [Hexadecimal.bytes(text.lowercased()), Base64.bytes(text)] {
            if let bytes, bytes.count >= Sealer.keyLength { return bytes }
        }
        return Array(text.utf8)
    }
}

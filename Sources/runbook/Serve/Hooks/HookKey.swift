import CommandSupport
import RESTClient

/// The key that webhooks are signed with: `<state>/keys/hooks`, made on first use.
enum HookKey {
    /// What signs with it; a new key is made if there is none.
    ///
    /// ``RESTClient/WebhookSigner/secret`` is what receivers are given.
    ///
    /// - Throws: ``CommandError`` if the key cannot be had, or is too short.
    static func signer(stateDirectory: String) throws(CommandError) -> WebhookSigner {
        let file = KeyFile.hooks(stateDirectory: stateDirectory)
        let key = try file.read {
            var random = SystemRandomNumberGenerator()
            return (0..<WebhookSigner.keyLength).map { _ in UInt8.random(in: .min ... .max, using: &random) }
        }
        guard let signer = WebhookSigner(key: key) else {
            throw CommandError(
                "\(file.path) should hold a key of \(WebhookSigner.keyLength) bytes and does not: give back the one that was "
                    + "there, or put the file aside so that a new one is made, which every receiver must then be given",
                code: .failed)
        }
        return signer
    }
}

extension KeyFile {
    /// The key that webhooks are signed with: `<state>/keys/hooks`.
    static func hooks(stateDirectory: String) -> KeyFile { KeyFile(path: Path.joined(stateDirectory, "keys/hooks")) }
}

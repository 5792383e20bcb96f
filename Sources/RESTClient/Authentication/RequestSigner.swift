import Crypto
import NIOHTTP1
import Operations

/// Makes the headers that log a request in.
struct RequestSigner: Sendable {
    private let credentials: Credentials
    private let clock: any TransportClock
    private let random: @Sendable () -> UInt64

    init(_ credentials: Credentials, clock: any TransportClock, random: @escaping @Sendable () -> UInt64) {
        self.credentials = credentials
        self.clock = clock
        self.random = random
    }

    /// The headers that are the same for every request.
    var constantHeaders: [(String, String)] {
        switch credentials {
        case .basic(let user, let password, let token):
            let pair = base64(Array("\(user):\(password.reveal())".utf8))
            return [("Authorization", "Basic \(pair)")] + (token.map { [("Token", $0.reveal())] } ?? [])
        case .xpanse(let keyID, let key, .standard):
            return [("Authorization", key.reveal()), ("x-xdr-auth-id", keyID)]
        case .xpanse(let keyID, _, .advanced):
            return [("x-xdr-auth-id", keyID)]
        }
    }

    /// Adds what must be made anew for each attempt.
    func sign(_ headers: inout HTTPHeaders) {
        guard case .xpanse(_, let key, .advanced) = credentials else { return }
        let nonce = makeNonce()
        let timestamp = String(clock.unixMilliseconds)
        let digest = SHA256.hash(data: Array("\(key.reveal())\(nonce)\(timestamp)".utf8))
        headers.add(name: "x-xdr-nonce", value: nonce)
        headers.add(name: "x-xdr-timestamp", value: timestamp)
        headers.add(name: "Authorization", value: lowercaseHexadecimal(digest))
    }

    private func makeNonce() -> String {
        let alphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789".utf8)
        var nonce: [UInt8] = []
        nonce.reserveCapacity(64)
        while nonce.count < 64 {
            var bits = random()
            // Ten characters of six bits from each number; the two values of 64 that are no letter are skipped, so that
            // every letter is as likely as another.
            for _ in 0..<10 where nonce.count < 64 {
                let index = Int(bits & 63)
                bits >>= 6
                if index < alphabet.count { nonce.append(alphabet[index]) }
            }
        }
        return String(decoding: nonce, as: UTF8.self)
    }

    private func lowercaseHexadecimal(_ bytes: some Sequence<UInt8>) -> String {
        let digits = Array("0123456789abcdef".utf8)
        return String(decoding: bytes.flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] }, as: UTF8.self)
    }
}

import Operations
import RunbookHost
import Testing

@Suite("Checkpoints of the audit log")
struct AuditCheckpointTests {
    private let sample = AuditSample(24)
    private let key = AuditSigningKey()

    private func checkpoint(_ number: Int) throws -> AuditCheckpoint {
        try key.checkpoint(try sample.head(number), unixMilliseconds: 1_700_000_000_000, host: "watch")
    }

    @Test("are a line of canonical JSON that reads back as it was written")
    func form() throws {
        let checkpoint = try checkpoint(7)
        let value = try JSONValue(parsing: checkpoint.text)
        #expect(value.bytes() == checkpoint.text)
        #expect(value["sequence"] == 7)
        #expect(value["host"] == "watch")
        #expect(value["key"]?.stringValue == key.publicKey.fingerprint)
        #expect(try value["hash"]?.stringValue == sample.head(7).hash)
        #expect(AuditCheckpoint(parsing: checkpoint.text) == checkpoint)
        #expect(AuditCheckpoint(parsing: checkpoint.signedText) == nil)
        #expect(AuditCheckpoint(parsing: Array(" ".utf8) + checkpoint.text) == nil)
        #expect(AuditCheckpoint(parsing: []) == nil)
    }

    @Test("are signed with the key that they name, and no byte of them can be another one")
    func signature() throws {
        let checkpoint = try checkpoint(7)
        #expect(key.publicKey.hasSigned(checkpoint))
        #expect(!AuditSigningKey().publicKey.hasSigned(checkpoint))
        for place in checkpoint.text.indices {
            for mask in [0x01, 0x20] as [UInt8] {
                var text = checkpoint.text
                text[place] ^= mask
                let other = AuditCheckpoint(parsing: text)
                #expect(other.map { key.publicKey.hasSigned($0) } ?? false == false, "byte \(place)")
            }
        }
    }

    @Test("are checked with a public key that is written in Base64")
    func publicKey() throws {
        let text = key.publicKey.base64
        #expect(text.count == 44)
        let read = try #require(AuditPublicKey(base64: text))
        #expect(read.fingerprint == key.publicKey.fingerprint && read.fingerprint.count == 64)
        #expect(read.hasSigned(try checkpoint(3)))
        for other in [
            "", "AAAA", text + "=", String(text.dropLast()), text.replacing("=", with: "!"),
            "\u{e9}" + text.dropFirst(),
        ] {
            #expect(AuditPublicKey(base64: other) == nil, "\(other)")
        }
    }

    @Test("are signed by a key that is kept, and shown nowhere")
    func signingKey() throws {
        let kept = try #require(AuditSigningKey(key.bytes))
        #expect(key.bytes.count == AuditSigningKey.size)
        #expect(kept.publicKey.base64 == key.publicKey.base64)
        #expect(AuditSigningKey([1, 2, 3]) == nil)
        var dumped = ""
        dump(key, to: &dumped)
        let shown = "\(key) \(String(reflecting: key)) \(dumped)"
        #expect(shown.contains(key.publicKey.fingerprint))
        #expect(!shown.contains("PrivateKey"))
    }

    @Test("agree with a log that has their lines")
    func confirmed() throws {
        let checkpoints = try [20, 4, 11].map { try checkpoint($0) }
        let verification = AuditSample.verify(sample.texts, checkpoints: checkpoints)
        #expect(verification.fault == nil)
        #expect(verification.confirmed.map(\.sequence) == [4, 11, 20])
    }

    @Test("show that the end of a log was cut off, wherever")
    func cutOff() throws {
        let last = try checkpoint(24)
        for number in 0..<24 {
            let fault = AuditSample.verify(Array(sample.texts[..<number]), checkpoints: [last]).fault
            #expect(fault?.kind == .cutOff && fault?.sequence == Int64(number + 1))
            #expect(fault?.message.contains("signed for line 24") == true)
        }
    }

    @Test("show that the end was cut off and other lines written in its place")
    func forgedEnd() throws {
        for number in 1...23 {
            var texts = Array(sample.texts[..<number])
            var head = try sample.head(number)
            for next in number + 1...30 {
                let line = AuditSample.forged(next, after: head)
                head = AuditHead(sequence: line.sequence, hash: line.hash)
                texts.append(line.text)
            }
            // The lines fit together, and the store's own memory of the end is forged with them.
            #expect(AuditSample.verify(texts, head: head).fault == nil)
            let verification = AuditSample.verify(
                texts, checkpoints: [try checkpoint(1), try checkpoint(24)], head: head)
            // Until there is a line that tells something else, all is as it was.
            let isSame = texts[23] == sample.texts[23]
            #expect(verification.fault?.kind == (isSame ? nil : .rewritten), "\(number)")
            #expect(isSame || verification.fault?.sequence == 24)
            #expect(verification.confirmed.first?.sequence == 1)
        }
    }

    @Test("show that the whole log was written anew")
    func rewritten() throws {
        var texts: [[UInt8]] = []
        var head: AuditHead?
        for number in 1...24 {
            let line = AuditSample.forged(number, after: head)
            head = AuditHead(sequence: line.sequence, hash: line.hash)
            texts.append(line.text)
        }
        #expect(AuditSample.verify(texts, head: head).fault == nil)
        let fault = AuditSample.verify(texts, checkpoints: [try checkpoint(9), try checkpoint(20)], head: head).fault
        #expect(fault?.kind == .rewritten && fault?.sequence == 9 && fault?.line == 9)
    }

    @Test("stand for the line before a part of a log")
    func part() throws {
        let checkpoint = try checkpoint(9)
        let texts = Array(sample.texts[9...])
        #expect(AuditSample.verify(texts, from: 10, checkpoints: [checkpoint]).fault == nil)
        let other = AuditSample.forged(10, after: AuditHead(sequence: 9, hash: AuditLine.start)).text
        #expect(AuditSample.verify([other], from: 10).fault == nil)
        let fault = AuditSample.verify([other], from: 10, checkpoints: [checkpoint]).fault
        #expect(fault?.kind == .rewritten && fault?.sequence == 10)
    }

    @Test("are told of by the log itself")
    func lastGiven() throws {
        func line(_ members: [String: JSONValue], after head: AuditHead?) -> AuditLine {
            AuditLine(AuditEvent(.checkpoint, unixMilliseconds: 1, members), after: head)
        }
        let given = line(["checkpoint": 24, "outcome": "done"], after: try sample.head(24))
        let head = AuditHead(sequence: given.sequence, hash: given.hash)
        let failed = line(["checkpoint": 25, "outcome": "failed"], after: head)
        #expect(AuditSample.verify(sample.texts).lastGiven == nil)
        #expect(AuditSample.verify(sample.texts + [given.text, failed.text]).lastGiven == 24)
    }
}

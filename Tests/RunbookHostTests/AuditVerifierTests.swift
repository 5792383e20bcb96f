import Operations
import RunbookHost
import Testing

@Suite("The verifier of the audit log")
struct AuditVerifierTests {
    private static let count = 24
    private let sample = AuditSample(count)

    @Test("finds nothing wrong with what was written")
    func soundLog() throws {
        let head = try sample.head(Self.count)
        let verification = AuditSample.verify(sample.texts, head: head)
        #expect(verification.fault == nil)
        #expect(verification.lines == 24)
        #expect(verification.first == 1)
        #expect(verification.head == head)
        #expect(verification.began == 1_700_000_000_997)
        #expect(verification.ended == 1_700_000_023_928)
        #expect(AuditSample.verify([]).fault == nil)
    }

    @Test("names the line of every byte that is another one", arguments: [0x01, 0x20, 0x80] as [UInt8])
    func flippedByte(mask: UInt8) {
        let end = UInt8(ascii: "\n")
        var sound = AuditVerifier()
        for (index, text) in sample.texts.enumerated() {
            // As in a file: with a line end, behind which the next line stands.
            let isLast = index == Self.count - 1
            let bytes = isLast ? text : text + [end] + sample.texts[index + 1]
            for place in 0..<(isLast ? text.count : text.count + 1) {
                var altered = bytes
                altered[place] ^= mask
                var verifier = sound
                for line in altered.split(separator: end, omittingEmptySubsequences: false) {
                    verifier.read(Array(line))
                }
                let fault = verifier.finish().fault
                #expect(
                    fault?.line == Int64(index + 1) && fault?.sequence == Int64(index + 1),
                    "byte \(place) of line \(index + 1): \(String(describing: fault))")
            }
            sound.read(text)
        }
        #expect(sound.finish().fault == nil)
    }

    @Test("names the line of every byte that was taken out or put in")
    func insertedAndRemovedByte() {
        let file = AuditSample(6).file
        var line: Int64 = 1
        for place in file.indices {
            var shorter = file
            shorter.remove(at: place)
            // A byte that stands there twice can be taken out once; what is left is judged as it stands.
            #expect(AuditSample.verify(file: shorter).fault?.line == line, "without byte \(place)")
            for byte in [UInt8(ascii: " "), UInt8(ascii: "0")] {
                var longer = file
                longer.insert(byte, at: place)
                #expect(AuditSample.verify(file: longer).fault?.line == line, "with one more byte at \(place)")
            }
            if file[place] == UInt8(ascii: "\n") { line += 1 }
        }
        #expect(line == 6)
    }

    @Test("names a line that means the same and is written in another way")
    func otherWriting() throws {
        let text = String(decoding: sample.texts[6], as: UTF8.self)
        let line = try #require(text.first == "{" ? text : nil)
        let others = [
            " " + line, line + " ", line + "\r", line.replacing("\":", with: "\" :"),
            line.replacing("users.update", with: "\\u0075sers.update"), line.replacing("\\u007f", with: "\u{7f}"),
            line.replacing("200", with: "2e2"),
            line.replacing("0.1", with: "0.10"),
            "{\"status\":201," + line.dropFirst(), line.dropLast() + ",\"status\":200}",
        ]
        for other in others {
            #expect(other != line)
            var texts = sample.texts
            texts[6] = Array(other.utf8)
            let fault = AuditSample.verify(texts).fault
            #expect(fault?.kind == .notCanonical && fault?.line == 7, "\(other): \(String(describing: fault))")
        }
    }

    @Test("names every line that is missing")
    func removedLine() throws {
        for number in 1...Self.count {
            var texts = sample.texts
            texts.remove(at: number - 1)
            let fault = AuditSample.verify(texts, head: try sample.head(Self.count)).fault
            #expect(fault?.sequence == Int64(number) && fault?.line == Int64(number))
            #expect(fault?.kind == (number == Self.count ? .cutOff : .missing))
        }
        let several = AuditSample.verify(Array(sample.texts[..<4] + sample.texts[9...])).fault
        #expect(several?.message.hasPrefix("lines 5 to 9 are missing: line 10 follows line 4") == true)
        let first = AuditSample.verify(Array(sample.texts[2...])).fault
        #expect(first?.message.hasPrefix("lines 1 to 2 are missing") == true)
    }

    @Test("names every pair of lines that change places")
    func swappedLines() {
        for first in 0..<Self.count - 1 {
            for second in first + 1..<Self.count {
                var texts = sample.texts
                texts.swapAt(first, second)
                let fault = AuditSample.verify(texts).fault
                #expect(fault?.kind == .outOfOrder && fault?.line == Int64(first + 1), "\(first) and \(second)")
                #expect(fault?.sequence == Int64(first + 1))
                #expect(fault?.message.hasPrefix("line \(second + 1) stands where line \(first + 1) belongs") == true)
            }
        }
    }

    @Test("names every line that was moved to the end")
    func movedLine() {
        for number in 0..<Self.count - 1 {
            var texts = sample.texts
            texts.append(texts.remove(at: number))
            let fault = AuditSample.verify(texts).fault
            #expect(fault?.kind == .outOfOrder && fault?.sequence == Int64(number + 1))
            #expect(fault?.message.contains("line \(number + 1) comes only later (as number \(Self.count)") == true)
        }
    }

    @Test("names every line that stands there twice")
    func repeatedLine() {
        for number in 0..<Self.count {
            for place in number + 1...Self.count {
                var texts = sample.texts
                texts.insert(texts[number], at: place)
                let fault = AuditSample.verify(texts).fault
                #expect(fault?.kind == .repeated && fault?.line == Int64(place + 1), "\(number) at \(place)")
                #expect(fault?.sequence == Int64(number + 1))
            }
        }
    }

    @Test("names where a file was cut off, at every line and within it")
    func truncated() throws {
        let head = try sample.head(Self.count)
        for number in 0..<Self.count {
            let fault = AuditSample.verify(Array(sample.texts[..<number]), head: head).fault
            #expect(fault?.kind == .cutOff && fault?.line == Int64(number + 1) && fault?.sequence == Int64(number + 1))
            let half = sample.texts[number].prefix(sample.texts[number].count / 2)
            let within = AuditSample.verify(Array(sample.texts[..<number]) + [Array(half)]).fault
            #expect(within?.kind == .notJSON && within?.line == Int64(number + 1))
        }
    }

    @Test("names every line that was exchanged for one with a hash of its own")
    func exchangedLine() throws {
        for number in 1..<Self.count {
            var texts = sample.texts
            let head = number == 1 ? nil : try sample.head(number - 1)
            texts[number - 1] = AuditSample.forged(number, after: head).text
            try #require(texts[number - 1] != sample.texts[number - 1] || number % 5 < 2)
            guard texts[number - 1] != sample.texts[number - 1] else { continue }
            let fault = AuditSample.verify(texts).fault
            #expect(fault?.kind == .exchanged, "\(number)")
            // Of the last two nobody can say which it was: no line follows that knows one of them.
            if number < Self.count - 1 { #expect(fault?.sequence == Int64(number), "\(number)") }
        }
    }

    @Test("names the one of two lines that its neighbours do not know")
    func exchangedWithItsLink() throws {
        var texts = sample.texts
        texts[7] = AuditSample.forged(8, after: AuditHead(sequence: 7, hash: AuditLine.start)).text
        let fault = AuditSample.verify(texts).fault
        #expect(fault?.kind == .exchanged && fault?.sequence == 8 && fault?.line == 8)
    }

    @Test(
        "names a line that lacks what every line has, and one that is no line",
        arguments: [
            ("[]", AuditFault.Kind.notJSON), ("", .notJSON), ("{}", .incomplete), ("null", .notJSON),
            (#"{"hash":"00","previous":"00","sequence":1}"#, .incomplete),
            (#"{"hash":"00","previous":"00","sequence":"1","time":1}"#, .incomplete),
            (#"{"hash":7,"previous":"00","sequence":1,"time":1}"#, .incomplete),
            (#"{"hash":"00","sequence":1,"time":1}"#, .incomplete),
            (#"{"hash":"00","previous":"00","sequence":1,"time":1}"#, .altered),
            (#"{"hash":"00","previous":"00","sequence":9223372036854775808,"time":1}"#, .incomplete),
        ])
    func foreignLine(text: String, kind: AuditFault.Kind) {
        var texts = sample.texts
        texts[3] = Array(text.utf8)
        let fault = AuditSample.verify(texts).fault
        #expect(fault?.kind == kind && fault?.line == 4 && fault?.sequence == 4)
    }

    @Test("names the first of several faults")
    func firstFault() {
        var texts = sample.texts
        texts[4].removeLast()
        texts.remove(at: 10)
        texts.swapAt(15, 16)
        #expect(AuditSample.verify(texts).fault?.line == 5)
        texts = sample.texts
        texts.remove(at: 10)
        texts[14].removeLast()
        let fault = AuditSample.verify(texts).fault
        #expect(fault?.kind == .missing && fault?.sequence == 11)
    }

    @Test("names a line for which a store keeps another place or hash than it has")
    func misfiledLine() throws {
        for number in [1, 9, Self.count] {
            let head = try sample.head(number)
            for filed in [
                AuditHead(sequence: head.sequence + 1, hash: head.hash), AuditHead(sequence: head.sequence, hash: "00"),
            ] {
                var verifier = AuditVerifier()
                for (index, text) in sample.texts.enumerated() {
                    let own = try sample.head(index + 1)
                    let said = index + 1 == number ? filed : own
                    verifier.read(AuditLine(sequence: said.sequence, hash: said.hash, text: text))
                }
                let fault = verifier.finish().fault
                #expect(fault?.kind == .misfiled && fault?.sequence == Int64(number))
            }
        }
    }

    @Test("names lines beside what a store remembers as the end, and an end that is another one")
    func otherEnd() throws {
        let beyond = AuditSample.verify(sample.texts, head: try sample.head(20)).fault
        #expect(beyond?.kind == .beyondEnd && beyond?.sequence == 21)
        let none = AuditSample.verify(sample.texts, head: AuditHead(sequence: 0, hash: AuditLine.start)).fault
        #expect(none?.kind == .beyondEnd && none?.sequence == 1)
        let other = AuditSample.verify(sample.texts, head: AuditHead(sequence: 24, hash: AuditLine.start)).fault
        #expect(other?.kind == .rewritten && other?.sequence == 24)
    }

    @Test("checks a part of a log from its first line on")
    func part() throws {
        let texts = Array(sample.texts[9...])
        #expect(AuditSample.verify(texts).fault?.kind == .missing)
        let verification = AuditSample.verify(texts, from: 10, head: try sample.head(Self.count))
        #expect(verification.fault == nil && verification.first == 10 && verification.lines == 15)
        #expect(AuditSample.verify(texts, from: 11).fault?.kind == .repeated)
        #expect(AuditSample.verify(texts, from: 8).fault?.sequence == 8)
        #expect(AuditSample.verify([], from: 100, head: try sample.head(Self.count)).fault == nil)
    }

    @Test("names a line without an end")
    func overlongLine() {
        var verifier = AuditVerifier()
        verifier.read(sample.texts[0])
        verifier.readOverlongLine()
        verifier.read(sample.texts[2])
        let fault = verifier.finish().fault
        #expect(fault?.kind == .notJSON && fault?.line == 2)
    }

    @Test("need not read on once nothing can change its mind")
    func decision() {
        var verifier = AuditVerifier()
        verifier.read(sample.texts[0])
        #expect(!verifier.isDecided)
        verifier.read(sample.texts[2])
        // The line could still come, and then it was not removed.
        #expect(!verifier.isDecided)
        verifier.read(sample.texts[1])
        #expect(verifier.isDecided)
    }
}

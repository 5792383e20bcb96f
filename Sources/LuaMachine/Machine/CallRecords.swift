/// Reads the records in which a machine puts out its calls (`rb_machine_take_output`). A worker's are untrusted.
enum CallRecords {
    private static let header = 20

    static func read(_ bytes: [UInt8]) throws(MachineError) -> [MachineCall] {
        let calls = bytes.withUnsafeBytes { bytes in
            Result { () throws(MachineError) in try read(bytes) }
        }
        return try calls.get()
    }

    static func read(_ bytes: UnsafeRawBufferPointer) throws(MachineError) -> [MachineCall] {
        var calls: [MachineCall] = []
        var at = 0
        func number(_ offset: Int) -> UInt32 {
            bytes.loadUnaligned(fromByteOffset: at + offset, as: UInt32.self).littleEndian
        }
        while at < bytes.count {
            guard bytes.count - at >= header else { throw .protocolViolation(reason: "a record is cut short") }
            let nameLength = Int(number(12)), argumentsLength = Int(number(16))
            guard nameLength > 0, nameLength <= 256, bytes.count - at - header >= nameLength + argumentsLength else {
                throw .protocolViolation(reason: "a record is cut short")
            }
            let nameStart = at + header, argumentsStart = nameStart + nameLength
            guard let name = String(validating: bytes[nameStart..<argumentsStart], as: UTF8.self) else {
                throw .protocolViolation(reason: "a call's name is not text")
            }
            calls.append(
                MachineCall(
                    id: number(0), task: number(4), line: number(8), name: name,
                    arguments: Array(bytes[argumentsStart..<argumentsStart + argumentsLength])))
            at = argumentsStart + argumentsLength
        }
        return calls
    }
}

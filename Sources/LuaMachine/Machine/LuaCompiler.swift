internal import CRunbookVM

/// Compiles a source without running it.
public enum LuaCompiler {
    /// What is wrong with a source: `name:line: message`.
    public struct SyntaxError: Error, Sendable, Hashable, CustomStringConvertible {
        /// The compiler's words, which begin with file and line.
        public let description: String
    }

    /// The bytecode of `source` with its debug information, to be read, never to be run.
    ///
    /// The corresponding C function is `lua_dump`.
    public static func compile(name: String, source: [UInt8]) throws(SyntaxError) -> [UInt8] {
        var length = 0
        var error: UnsafeMutablePointer<CChar>?
        let bytecode = source.withUnsafeBytes { bytes in
            rb_compile(name, bytes.baseAddress?.assumingMemoryBound(to: CChar.self), bytes.count, &length, &error)
        }
        defer {
            rb_free(bytecode)
            rb_free(error)
        }
        guard let bytecode, error == nil else {
            throw SyntaxError(description: error.map { String(cString: $0) } ?? "not enough memory to compile")
        }
        return Array(UnsafeBufferPointer(start: bytecode, count: length))
    }
}

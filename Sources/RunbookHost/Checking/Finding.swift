/// Something in a runbook that is wrong, or probably is.
public struct Finding: Sendable, Hashable, CustomStringConvertible {
    /// How bad it is.
    public enum Severity: String, Sendable, Hashable, CaseIterable {
        /// It will fail when the line is reached.
        case error
        /// It works, but is probably not what was meant.
        case warning
    }

    /// What kind of thing it is. The raw values are for programs and do not change.
    public enum Code: String, Sendable, Hashable, CaseIterable {
        /// The source is longer than a runbook may be; nothing else was looked at.
        case sourceLimit = "source-limit"
        /// The source is not Lua.
        case syntax
        /// The manifest is missing, late or wrong.
        case manifest
        /// A global is read that is not there.
        case unknownGlobal = "unknown-global"
        /// A new global is made: `local` is missing.
        case newGlobal = "new-global"
        /// A global that the host provides is replaced.
        case replacedGlobal = "replaced-global"
        /// An operation, or another function of its table, is named that is not there.
        case unknownOperation = "unknown-operation"
        /// A member of a library is named that is not there.
        case unknownMember = "unknown-member"
        /// A colon stands where a dot is due.
        case methodCall = "method-call"
        /// An operation is used whose capability the manifest does not declare.
        case undeclaredCapability = "undeclared-capability"
        /// A capability is declared that nothing uses.
        case unusedCapability = "unused-capability"
        /// A capability is declared that nothing needs, in no runbook.
        case unknownCapability = "unknown-capability"
        /// Which operation is meant is known only when the runbook runs.
        case computedName = "computed-name"
        /// Its signature does not count, or is missing where all runbooks must have one.
        case signature
        /// Another table is put in the place of the globals.
        case replacedEnvironment = "replaced-environment"
    }

    /// The file, as it was named to the check.
    public let file: String
    /// The line, from 1.
    public let line: Int
    /// How bad it is.
    public let severity: Severity
    /// What kind of thing it is.
    public let code: Code
    /// What is wrong and what to do, one sentence or two.
    public let message: String

    /// A finding.
    public init(file: String, line: Int, severity: Severity, code: Code, message: String) {
        self.file = file
        self.line = line
        self.severity = severity
        self.code = code
        self.message = message
    }

    /// The line for a person, in the form that editors read: `file:line: error: message [code]`.
    public var description: String { "\(file):\(line): \(severity.rawValue): \(message) [\(code.rawValue)]" }
}

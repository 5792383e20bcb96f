internal import LuaMachine
internal import Operations

extension RunbookHost {
    /// Checks a runbook without letting any call through: syntax, manifest, names, capabilities.
    ///
    /// - Returns: what is wrong, in the order of the lines; empty if nothing is.
    public func check(_ runbook: Runbook) async -> [Finding] {
        // What may be long without end is not compiled in this process.
        let limit = RunLimits().source
        guard runbook.source.count <= limit else {
            let message =
                "the source has \(runbook.source.count) bytes, and a runbook may have \(limit) "
                + "(\(limit.readableBytes)): make it shorter, or split it into several runbooks"
            return [Finding(file: runbook.name, line: 1, severity: .error, code: .sourceLimit, message: message)]
        }
        let bytecode: [UInt8]
        do throws(LuaCompiler.SyntaxError) {
            bytecode = try LuaCompiler.compile(name: runbook.name, source: runbook.source)
        } catch {
            let (line, message) = Self.split(error.description, file: runbook.name)
            return [Finding(file: runbook.name, line: line, severity: .error, code: .syntax, message: message)]
        }
        var findings: [Finding] = []
        var needs: [Capability]?
        do throws(RunError) { needs = try await manifest(of: runbook).needs } catch {
            let (line, message) = Self.split("\(error.location ?? ""): \(error.message)", file: runbook.name)
            findings.append(
                Finding(file: runbook.name, line: line, severity: .error, code: .manifest, message: message))
        }
        let checker = RunbookChecker(catalogue: catalogue, preludeCapabilities: Prelude.capabilities)
        do throws(BytecodeError) {
            findings += try checker.check(file: runbook.name, bytecode: bytecode, needs: needs)
        } catch {
            findings.append(
                Finding(file: runbook.name, line: 1, severity: .error, code: .syntax, message: error.description))
        }
        findings += signatureFinding(runbook).map { [$0] } ?? []
        return findings.sorted { ($0.line, $0.message) < ($1.line, $1.message) }
    }

    /// What is wrong with the signature: one that is there must count, and where all runbooks must be signed it must be there.
    private func signatureFinding(_ runbook: Runbook) -> Finding? {
        let policy = policy.signatures, verdict = policy.verdict(on: runbook)
        guard verdict == .missing ? policy.requirement == .all : !policy.keys.isEmpty,
            let problem = verdict.problem(of: runbook)
        else { return nil }
        return Finding(
            file: runbook.name, line: 1, severity: .warning, code: .signature,
            message: "The signature does not count: \(problem). Look at what the runbook does, then sign it: "
                + "runbook sign \(runbook.name)")
    }

    /// Takes `file:line: ` from the front of a message.
    private static func split(_ text: String, file: String) -> (line: Int, message: String) {
        guard text.hasPrefix("\(file):") else { return (1, text.hasPrefix(": ") ? String(text.dropFirst(2)) : text) }
        let rest = text.dropFirst(file.count + 1)
        let digits = rest.prefix { $0.isNumber }
        var message = rest.dropFirst(digits.count)
        while message.first == ":" || message.first == " " { message.removeFirst() }
        return (Int(digits) ?? 1, String(message))
    }
}

import CommandSupport
import Glibc
import Operations
import RunbookHost
import RunbookSchedule

/// The parameters of a schedule. All that can be is checked when they are given, and not when a run needs them.
struct ScheduledParameters: Sendable {
    /// As they are kept: of a secret where it comes from, of a file its path, both absolute; each firing reads them.
    let inputs: [String: ParameterInput]
    /// As a person may see them.
    let shown: [String: JSONValue]

    /// Checks parameters against a manifest.
    ///
    /// - Parameters:
    ///   - inputs: as they were given; of a secret `env:NAME`, `file:PATH` or `command:PROGRAM ARGUMENT…`.
    ///   - host: checks what only the script's machine can.
    /// - Throws: ``CommandError`` for one that is unknown, missing or wrong, without anything of a secret.
    init(
        _ inputs: [String: ParameterInput], of runbook: Runbook, _ manifest: Manifest, host: RunbookHost,
        sources: ConfigurationSources
    ) async throws(CommandError) {
        var kept = inputs
        for declaration in manifest.parameters where declaration.type == .secret {
            guard case .text(let text)? = inputs[declaration.name] else { continue }
            kept[declaration.name] = .text(try Self.source(text, of: declaration.name, sources))
        }
        let files = try Self.files(manifest, &kept, sources)
        let values: [String: JSONValue]
        do throws(ParameterFault) {
            // A secret is not read now: it may be another one then. So may a file, and yet a fault in it is best seen now.
            values = try await manifest.resolve(
                kept, secret: { _, _ in SecretValue(SecretValue.redacted) },
                file: { name, path throws(ParameterFault) in try FileInput.read(name, path) })
        } catch { throw CommandError("\(runbook.name.shown): \(error.description.shown)") }
        try await PatternCheck(manifest, host: host).check(values, of: runbook)
        var shown: [String: JSONValue] = [:]
        for (name, input) in kept {
            if let paths = files[name] {
                shown[name] = .string(paths)
                continue
            }
            guard manifest.parameter(name)?.type == .secret else {
                shown[name] = values[name]
                continue
            }
            shown[name] = .string(SecretValue.redacted + Self.place(of: input))
        }
        self.inputs = kept
        self.shown = shown
    }

    /// Makes the paths of files absolute.
    ///
    /// - Returns: the paths by parameter, as they are kept.
    private static func files(
        _ manifest: Manifest, _ kept: inout [String: ParameterInput], _ sources: ConfigurationSources
    ) throws(CommandError) -> [String: String] {
        var files: [String: String] = [:]
        for declaration in manifest.parameters where declaration.type == .file || declaration.type == .files {
            guard case .text(let text)? = kept[declaration.name] else { continue }
            var paths: [String] = []
            do throws(ParameterFault) {
                for path in declaration.type == .file ? [text] : try declaration.paths(text) {
                    paths.append(try Self.lasting(path, of: declaration, sources))
                }
            } catch { throw CommandError(error.description.shown) }
            files[declaration.name] = paths.joined(separator: ",")
            kept[declaration.name] = .text(paths.joined(separator: ","))
        }
        return files
    }

    /// The absolute path of a file that each firing can read.
    private static func lasting(
        _ path: String, of declaration: ParameterDeclaration, _ sources: ConfigurationSources
    ) throws(ParameterFault) -> String {
        let place = sources.absolute(path, from: sources.workingDirectory)
        let top = place.split(separator: "/").first ?? ""
        let kind = LocalFiles().status(place)?.kind
        guard !path.isEmpty, path != "-", top != "dev", top != "proc", kind == nil || kind == S_IFREG else {
            throw ParameterFault(
                parameter: declaration.name,
                reason: "is a file that each firing reads: give the path of one that stays")
        }
        guard declaration.type == .file || !place.contains(",") else {
            throw ParameterFault(
                parameter: declaration.name,
                reason: "is kept as paths with a comma between two of them, and \(place.shown) holds one: move the file"
            )
        }
        return place
    }

    /// Where a secret comes from, with an absolute path, if it can be had without asking.
    private static func source(
        _ text: String, of name: String, _ sources: ConfigurationSources
    ) throws(CommandError) -> String {
        let what = "the parameter '\(name)'"
        let rest = String(text.drop { $0 != ":" }.dropFirst())
        if text.hasPrefix("env:") {
            guard !rest.isEmpty, !rest.contains("=") else {
                throw CommandError("\(what) is to come from a variable, and none is named: write \(name)=env:NAME")
            }
            return text
        }
        if text.hasPrefix("file:") {
            let path = sources.absolute(rest, from: sources.workingDirectory)
            // What this user may not read, the daemon may.
            guard !rest.isEmpty, access(path, F_OK) == 0 else {
                throw CommandError(
                    "\(what) is to come from the file \(path.shown), which is not there: make it, with the secret as its only line"
                )
            }
            return "file:\(path)"
        }
        if text.hasPrefix("command:") {
            var words = rest.split(separator: " ").map(String.init)
            guard let program = words.first else {
                throw CommandError(
                    "\(what) is to be printed by a program, and none is named: write '\(name)=command:PROGRAM ARGUMENT…'"
                )
            }
            if program.contains("/") { words[0] = sources.absolute(program, from: sources.workingDirectory) }
            guard !program.contains("/") || access(words[0], X_OK) == 0 else {
                throw CommandError(
                    "\(what) is to be printed by \(words[0].shown), which is not there, or cannot be started: give another program"
                )
            }
            return "command:" + words.joined(separator: " ")
        }
        // Not repeated: it may be the secret itself.
        throw CommandError(
            "\(what) is a secret: it is never given on the command line, where others can read it, and nobody can be asked when a "
                + "schedule runs. Write \(name)=env:NAME, \(name)=file:PATH or '\(name)=command:PROGRAM ARGUMENT…'")
    }

    private static func place(of input: ParameterInput) -> String {
        guard case .text(let text) = input else { return "" }
        // Arguments may be telling; the program alone says enough.
        return " from \(text.hasPrefix("command:") ? String(text.prefix { $0 != " " }) : text)"
    }
}

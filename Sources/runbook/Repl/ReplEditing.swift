import CommandSupport
import Glibc
import LineEditor
import Operations
import RunbookHost

/// The editor of a session: what it colours, completes and remembers.
struct ReplEditing {
    let parts: ReplParts
    let setup: ReplSetup

    /// A reader with the target's history.
    func reader(on screen: SystemTerminal) -> LineEditor.LineReader {
        var settings = LineReaderSettings()
        settings.usesColour = screen.isInteractive && parts.session.terminal.hasColor
        settings.editor.isComplete = { StatementParser.isComplete($0) }
        settings.editor.indentation = { StatementParser.indentation($0) }
        let highlighter = LuaHighlighter(
            names: LuaNames(catalogue: parts.session.host.catalogue),
            commands: Set(DotCommand.allCases.map(\.rawValue)),
            codeCommands: Set(DotCommand.takingCode.map(\.rawValue)))
        settings.editor.highlight = { highlighter.spans($0) }
        let completer = ReplCompleter(sources)
        settings.completer = { await completer.complete($0) }
        let terminal = parts.session.terminal
        settings.onHistoryFault = { fault in terminal.write(line: "runbook: warning: \(fault)") }
        let file = historyFile
        var history = History(rules: file.rules)
        do throws(HistoryFault) {
            history = try file.load { aside in
                terminal.write(line: "runbook: warning: the history was damaged; it is kept as \(aside)")
            }
        } catch { terminal.write(line: "runbook: warning: \(error)") }
        return LineEditor.LineReader(terminal: screen, settings: settings, history: history, file: file)
    }

    private var sources: CompletionSources {
        let interactive = parts.interactive, state = parts.session.state, configuration = parts.session.configuration
        return CompletionSources(
            catalogue: parts.session.host.catalogue, commands: DotCommand.allCases.map(\.described),
            names: { path in await interactive.names(at: path.map(\.json)) },
            targetNames: parts.names,
            targets: {
                configuration.targets.keys.sorted().map { name in
                    CompletionSources.Entry(name: name, detail: name == configuration.targetName ? "this one" : "")
                }
            },
            runs: {
                let runs = (try? await state.runs(RunFilter(limit: 50))) ?? []
                return runs.map { run in
                    CompletionSources.Entry(
                        name: run.id,
                        detail: "\(run.runbook), \(run.mode.rawValue), \(Wording.status(run.status))".shown)
                }
            },
            files: { Self.files(in: $0) })
    }

    private static func files(in folder: String) -> [CompletionSources.File]? {
        guard let names = try? LocalFiles.names(in: folder.isEmpty ? "." : folder) else { return nil }
        return names.map { name in
            var status = stat()
            let isFolder = stat(folder + name, &status) == 0 && status.st_mode & S_IFMT == S_IFDIR
            return CompletionSources.File(name: name, isFolder: isFolder)
        }
    }

    private var historyFile: HistoryFile {
        var rules = HistoryRules()
        let secrets = SecretLines(catalogue: parts.session.host.catalogue)
        rules.isSecret = { secrets.isSecret($0) }
        // Only what can be no path: two targets with one name after that share a history.
        let name = String(
            (parts.session.configuration.targetName ?? "none").unicodeScalars.map { scalar in
                scalar.properties.isAlphabetic || ("0"..."9").contains(scalar) || "-_".unicodeScalars.contains(scalar)
                    ? Character(scalar) : "_"
            })
        return HistoryFile(path: "\(parts.session.configuration.stateDirectory)/history/\(name)", rules: rules)
    }
}

extension DotCommand {
    /// As completion and help know it.
    var described: SessionCommand {
        SessionCommand(name: rawValue, arguments: arguments, summary: summary, text: text)
    }
}

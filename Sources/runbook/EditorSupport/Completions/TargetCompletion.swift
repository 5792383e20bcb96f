import ArgumentParser

/// Completes `--target`, which the options that all programs share declare without knowing how.
enum TargetCompletion {
    /// What the shell's completion script is to read, if that is what the program was started for.
    ///
    /// - Parameter arguments: the program's own, its name first: `---completion SUBCOMMAND… -- --target INDEX CURSOR WORD…`.
    static func answer(
        to arguments: [String], environment: [String: String] = ConfigurationSources.processEnvironment
    ) -> String? {
        guard arguments.count > 1, arguments[1] == "---completion",
            let mark = arguments.firstIndex(of: "--"), arguments.count > mark + 3, arguments[mark + 1] == "--target",
            let index = Int(arguments[mark + 2]), let cursor = Int(arguments[mark + 3])
        else { return nil }
        let words = Array(arguments[(mark + 4)...])
        let word = words.indices.contains(index) ? words[index] : ""
        let request = CommandLineRequest(
            words: words, index: index, prefix: String(word.prefix(max(0, cursor))), environment: environment)
        let shell = environment["SAP_SHELL"].flatMap(CompletionShell.init)
        let lines = WordCompletion.lines(Suggestions.targets(request), shell: shell)
        // zsh's script drops the last line.
        return (lines + (shell == .zsh ? [" "] : [])).joined(separator: "\n") + "\n"
    }
}

import ArgumentParser

/// The script that teaches a shell what may follow on a command line.
struct CompletionScript {
    /// The shell that reads it.
    let shell: CompletionShell
    /// The script as the argument parser makes it.
    let original: String

    /// The script of the command, to be altered.
    init(_ shell: CompletionShell) {
        self.shell = shell
        original = RunbookCommand.completionScript(for: shell)
    }

    /// What the argument parser's script does not do, as a text in it and what stands there instead.
    static func changes(for shell: CompletionShell) -> [(from: String, to: String)] {
        switch shell {
        case .bash:
            [
                // Without this the trap would stay in the person's shell, and take back what scripts set there later.
                (#"trap "${state//$'\n'/;}" RETURN"#, #"trap "${state//$'\n'/;};trap - RETURN" RETURN"#),
                // A script from before an update asks for what is not there any more: nobody wants to read of it here.
                (#""${COMP_WORDS[0]}" "${@}" "${words[@]}""#, #""${COMP_WORDS[0]}" "${@}" "${words[@]}" 2>/dev/null"#),
                // Behind `role=` the word goes on, and it is no file.
                (
                    #"done < <(IFS=$'\n' compgen "${@}" -- "${cur}")"#,
                    #"""
                    done < <(IFS=$'\n' compgen "${@}" -- "${cur}")
                        [[ "${#COMPREPLY[@]}" -eq 1 && "${COMPREPLY[0]}" = *= ]] && compopt -o nospace +o filenames
                    """#
                ),
            ]
        case .zsh:
            [
                (
                    #""$("${command_name}" "${@}" "${command_line[@]}")""#,
                    #""$("${command_name}" "${@}" "${command_line[@]}" 2>/dev/null)""#
                ),
                (
                    #"_describe -V '' non_empty_completions -- empty_completions -P $'\'\''"#,
                    #"""
                    local -ar open_completions=("${(@M)non_empty_completions:#[^:]#[=/](|:*)}")
                        local -ar closed_completions=("${(@)non_empty_completions:#[^:]#[=/](|:*)}")
                        _describe -V '' closed_completions -- empty_completions -P $'\'\'' -- open_completions -S ''
                    """#
                ),
            ]
        case .fish:
            [(#"command $tokens[1] $argv $tokens"#, #"command $tokens[1] $argv $tokens 2>/dev/null"#)]
        default: []
        }
    }

    /// The whole script.
    var text: String {
        var text = original
        for change in Self.changes(for: shell) { text = text.replacing(change.from, with: change.to) }
        return text.hasSuffix("\n") ? text : text + "\n"
    }
}

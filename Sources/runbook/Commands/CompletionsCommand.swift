import ArgumentParser
import CommandSupport

/// `runbook completions SHELL`.
struct CompletionsCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "completions",
        abstract: "Print the script with which a shell completes runbook's command lines.",
        discussion: """
            It completes commands, flags, files, and what this machine knows: runbooks and their parameters once 'runbook \
            list' has shown them, targets, runs, plans, schedules, operations, time zones. It reads configuration and \
            state as the command would, and no password; it asks no server.

            bash, with the package bash-completion, or else as a line of ~/.bashrc:

              runbook completions bash > ~/.local/share/bash-completion/completions/runbook
              source <(runbook completions bash)

            zsh, where ~/.zfunc is a folder of $fpath and compinit comes behind it in ~/.zshrc:

              runbook completions zsh > ~/.zfunc/_runbook

            fish:

              runbook completions fish > ~/.config/fish/completions/runbook.fish
            """)

    /// The shells.
    enum Shell: String, CaseIterable, ExpressibleByArgument {
        case bash, zsh, fish

        var completionShell: CompletionShell {
            switch self {
            case .bash: .bash
            case .zsh: .zsh
            case .fish: .fish
            }
        }
    }

    @Argument(help: "bash, zsh or fish.")
    var shell: Shell

    func run() { StandardStream.output.write(CompletionScript(shell.completionShell).text) }
}

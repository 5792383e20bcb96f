import ArgumentParser

/// The flags that limit one run.
struct LimitFlags: ParsableArguments {
    @Option(help: ArgumentHelp("Stop the run after this long, such as 30s or 5m.", valueName: "time"))
    var timeLimit: String?

    @Option(help: ArgumentHelp("Let the script use this much memory, such as 64MB.", valueName: "size"))
    var memoryLimit: String?

    @Option(help: ArgumentHelp("Let the run make this many changes.", valueName: "n"))
    var maxChanges: Int?

    @Option(help: ArgumentHelp("Let the run make this many calls.", valueName: "n"))
    var maxCalls: Int?
}

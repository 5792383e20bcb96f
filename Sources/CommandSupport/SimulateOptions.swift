package import ArgumentParser

/// What `runbook simulate` is told: read by `runbook`, which answers for wrong flags and for `--help`, and by
/// `runbook-simulator`, which does what they say.
package struct SimulateOptions: ParsableArguments {
    /// The subcommand, as both programs call it.
    package static let command = CommandConfiguration(
        commandName: "simulate",
        abstract: "Serve a simulated console and Xpanse on this machine, to try runbooks on.",
        discussion: """
            Once it listens it says how to get there: at a terminal the variables to set, elsewhere and with --json one JSON line \
            with the address and the credentials. It serves until SIGTERM or Ctrl-C. \
            GET /_simulator/ledger lists every change it carried out.

              runbook simulate --users 2000 --locked 0.1 --fault reset-after=0.01,503=0.02
            """)

    @Option(help: "The port; 0 takes a free one.")
    package var port = 0

    @Option(help: "How many users there are, besides the administrator.")
    package var users = 50

    @Option(help: ArgumentHelp("How many of them are locked, as a fraction.", valueName: "fraction"))
    package var locked = 0.1

    @Option(
        help: ArgumentHelp(
            "Lock exactly so many of the users of a role, such as tier-1-support=200.", valueName: "role=n"))
    package var lockedInRole: String?

    @Option(help: "The same seed makes the same users.")
    package var seed: UInt64 = 1

    @Flag(help: "Serve HTTPS with a self-signed certificate, as consoles do.")
    package var tls = false

    @Option(help: ArgumentHelp("Answer so much later, such as 5ms.", valueName: "time"))
    package var latency: String?

    @Option(
        help: ArgumentHelp(
            "Faults with their probabilities: reset-before, reset-after, 429, 503, truncate, slow.",
            valueName: "fault=p,…"))
    package var fault: String?

    @OptionGroup package var options: GlobalOptions

    package init() {}
}

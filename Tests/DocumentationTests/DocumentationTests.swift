import Testing

/// Runs every fenced block of the README and of every article.
///
/// A page is read from top to bottom as somebody would who follows it: `sh` is typed into one shell; what stands in the
/// `text` (or `console`) block after it must be what the terminal shows, and what the page answers to questions is typed;
/// `lua`, `csv` and other files are saved under the names that the page gives them and checked; configuration is loaded,
/// JSON parsed, a unit given to systemd, and Swift must be code that is compiled with the tests.
///
/// What a page takes for granted (a simulated console, a few runs) stands in `Preparations`, by the page's name. What
/// differs here from what the page says is the table in ``PageWorld``: the real console is a simulated one with TLS, and
/// the machine's folders lie in a temporary one. What needs another machine or its administrator (`sudo`, `apt-get`,
/// `systemctl`, `journalctl`, `git clone`, `swift build`, …) is answered by the programs in `StandIns`, which look at
/// their arguments and fail at any that no page should have; `systemctl` starts the unit's own command line.
@Suite("Every block of the documentation") struct DocumentationTests {
    @Test("Works as written", arguments: try Page.all()) func works(page: Page) async throws {
        for fault in try await PageRunner.faults(of: page) { Issue.record("\(fault)") }
    }
}

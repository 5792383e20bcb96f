/// The manual: a page for the command and for each of its subcommands, made from the help.
enum Manual {
    /// All pages.
    static var pages: [ManualPage] {
        let root = CommandHelp.root, shared = CommandHelp.sharedNames
        return root.family.map { ManualPage(help: $0, root: root, shared: shared) }
    }
}

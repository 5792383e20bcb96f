/// What is known of a completion while its candidates are shown.
struct CompletionState: Sendable {
    var menu: CompletionMenu
    /// The part that candidates take the place of, in the text as it is now.
    var range: Range<Int>
    /// What stood there before a candidate was chosen.
    let typed: String
}

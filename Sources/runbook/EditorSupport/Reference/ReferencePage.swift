/// A page of the reference.
struct ReferencePage: Sendable {
    /// What a file ends with that `runbook manual --reference` has written, which says that it may be written anew.
    static let mark = "<!-- Written by 'runbook manual', which writes it anew: what you change here is lost. -->"

    /// The name that other pages link to: `Operations-reference`.
    let name: String
    /// What it is called.
    let title: String
    /// What it says.
    let content: Markdown

    /// The name of its file.
    var fileName: String { "\(name).md" }

    /// The file.
    var text: String { "\(content.text)\n\(Self.mark)\n" }

    /// A page.
    ///
    /// - Parameters:
    ///   - abstract: what it is, in a sentence, as Markdown.
    ///   - body: writes what follows.
    init(_ name: String, title: String, abstract: String, _ body: (inout Markdown) -> Void) {
        self.name = name
        self.title = title
        var content = Markdown(title: title, abstract: abstract)
        body(&content)
        self.content = content
    }
}

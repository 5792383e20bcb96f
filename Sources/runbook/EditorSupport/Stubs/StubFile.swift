/// One definition file.
struct StubFile: Sendable, Hashable {
    /// What the file begins with, which says that a later run may write it anew.
    static let mark = "-- Written by 'runbook stubs', which writes it anew: what you change here is lost."

    /// The name, such as `users.lua`.
    let name: String
    /// What it defines, in order.
    let items: [StubItem]

    /// The whole text.
    var text: String {
        var text = Self.mark + "\n---@meta _\n"
        for item in items { text += "\n" + item.lines.joined(separator: "\n") + "\n" }
        return text
    }
}

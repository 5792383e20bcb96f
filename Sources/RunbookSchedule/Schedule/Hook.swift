/// Who is told of what goes wrong with a schedule.
public struct Hook: Sendable, Hashable {
    /// Where: `command:PROGRAM ARGUMENT…`, a URL, or where a URL is to be had that nobody may read, such as `file:PATH`.
    public var destination: String
    /// Of what. Default: everything.
    public var kinds: Set<Notice.Kind>

    /// A hook; see the members for the defaults.
    public init(_ destination: String, kinds: Set<Notice.Kind> = Set(Notice.Kind.allCases)) {
        self.destination = destination
        self.kinds = kinds
    }
}

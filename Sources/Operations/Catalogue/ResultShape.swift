/// What a script gets of a reply's body.
public enum ResultShape: Sendable, Hashable {
    /// Nothing: the reply holds only links.
    case nothing
    /// The object, without its `links`.
    case object
    /// The elements of `resources`, each without `links`.
    case resources
    /// The elements of `resources`, and as a second value the `page` object.
    case page
    /// The member of this name.
    case member(String)
    /// The member of this name, sealed as a secret; `nil` if it is absent.
    case secretMember(String)
    /// Xpanse: the integer `reply.<name>`, which some servers write as text.
    case replyCount(String)
    /// Xpanse: the array in `reply`; arrays within it are joined into one.
    case replyList
    /// The body as it is: an embedding program's own operations.
    case value
}

/// The keys of a parameter's declaration in a manifest.
public enum ParameterKey: String, Sendable, Hashable, CaseIterable {
    /// What it must be.
    case type
    /// Whether a run is refused without it.
    case required
    /// The value if none is given.
    case defaultValue = "default"
    /// The only values it may have.
    case choices
    /// What the whole value must look like.
    case pattern
    /// What it means.
    case documentation = "doc"

    /// As manifests write them. Made once: each parameter is checked with it.
    static let names = allCases.map(\.rawValue)
}

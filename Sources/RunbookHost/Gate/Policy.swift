public import Operations

/// What an operator allows. A manifest asks; the operator's policy can only narrow it.
public struct Policy: Sendable, Hashable {
    /// The capabilities that runbooks may use; `nil` for all. Default: `nil`.
    public var capabilities: Set<Capability>?
    /// By whom runbooks must be signed. Default: by nobody.
    public var signatures: SignaturePolicy

    /// A policy; see the members for the defaults.
    public init(capabilities: Set<Capability>? = nil, signatures: SignaturePolicy = SignaturePolicy()) {
        self.capabilities = capabilities
        self.signatures = signatures
    }

    /// Why a call is not allowed, or `nil` if it is.
    func refusal(of capability: Capability, needs: [Capability]?) -> String? {
        if let needs, !needs.contains(capability) {
            return "the runbook's manifest does not ask for \(capability): add \"\(capability)\" to needs"
        }
        if let capabilities, !capabilities.contains(capability) {
            return "the operator's policy does not allow \(capability): ask for it, or run another runbook"
        }
        return nil
    }
}

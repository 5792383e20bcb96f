/// Where the process of a run ends, as if it had been killed.
enum Cut: Sendable, Hashable {
    /// Before the nth request that changes something reaches the server.
    case before(Int)
    /// After the server has carried it out, and before the answer arrives.
    case after(Int)
}

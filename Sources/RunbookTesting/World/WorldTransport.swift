internal import Operations

/// Carries a run's calls into a world, at once.
struct WorldTransport: Transport {
    let world: SimulatedWorld
    let clock: VirtualClock

    /// See `Transport`.
    func send(_ call: OperationCall) async throws(APIError) -> OperationReply {
        try world.answer(call, at: clock.unixMilliseconds())
    }
}

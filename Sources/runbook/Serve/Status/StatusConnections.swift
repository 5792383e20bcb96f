import NIOCore

/// The open connections of a status server. Only its event loop touches them.
final class StatusConnections {
    private let limit: Int
    /// The oldest first.
    private var open: [StatusConnection] = []
    private var isEnding = false
    private var ended: EventLoopPromise<Void>?

    init(limit: Int) { self.limit = limit }

    /// Takes one in that is about to begin. If there are too many, the one that has been there for longest without asking
    /// is closed for it, so that those who only wait do not keep others out.
    func add(_ connection: StatusConnection) {
        defer { open.append(connection) }
        if isEnding { return connection.refuse() }
        guard open.count >= limit else { return }
        if let waiting = open.first(where: { $0.isWaiting }) { waiting.close() } else { connection.refuse() }
    }

    /// One is closed.
    func remove(_ connection: StatusConnection) {
        open.removeAll { $0 === connection }
        if open.isEmpty { ended.take()?.succeed(()) }
    }

    /// Closes those that wait, and the others when they have their answer, or when time is up.
    func end(on loop: any EventLoop, within grace: TimeAmount) -> EventLoopFuture<Void> {
        guard !isEnding, !open.isEmpty else {
            isEnding = true
            return ended?.futureResult ?? loop.makeSucceededVoidFuture()
        }
        isEnding = true
        let promise = loop.makePromise(of: Void.self)
        ended = promise
        for connection in open { connection.quiesce() }
        let bound = NIOLoopBound(self, eventLoop: loop)
        let timer = loop.scheduleTask(in: grace) { for connection in bound.value.open { connection.close() } }
        promise.futureResult.whenComplete { _ in timer.cancel() }
        return promise.futureResult
    }
}

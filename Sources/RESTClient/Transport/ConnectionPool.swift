import NIOCore
import NIOHTTP1
import NIOPosix
import NIOSSL

/// The connections to one service, and the exchanges that wait for one. Only its event loop touches it.
///
/// Nothing is opened before it is needed. An exchange is given a connection that is idle, or a new one; whoever comes
/// when all are in use waits in line, and that wait does not count against its time.
final class ConnectionPool {
    /// Requests that go out together: more would leave the server without work while they are made.
    private static let batch = 4

    private let loop: any EventLoop
    private let connector: Connector
    private let limit: Int
    /// Exchanges that have a connection or for which one is being opened.
    private var running: [UInt64: Exchange] = [:]
    private var waiting = CircularBuffer<Exchange>()
    /// Unused for longest first.
    private var idle: [Connection] = []
    private var connections: [ObjectIdentifier: Connection] = [:]
    /// Connections with a request that is written and not sent.
    private var unsent: [Connection] = []
    private var isShutDown = false
    private var isServing = false

    /// A pool without connections.
    ///
    /// - Parameter limit: how many connections there may be.
    init(loop: any EventLoop, connector: Connector, limit: Int) {
        self.loop = loop
        self.connector = connector
        self.limit = limit
    }

    /// Sends a request as soon as there is a connection for it.
    func submit(_ exchange: Exchange) {
        guard !isShutDown else { return exchange.endUnsent(ExchangeError.shutDown) }
        waiting.append(exchange)
        serve()
    }

    /// Ends an exchange whose caller has given up. One that is over already is left alone.
    func cancel(_ id: UInt64) {
        if let index = waiting.firstIndex(where: { $0.id == id }) {
            waiting.remove(at: index).endUnsent(CancellationError())
        } else if let exchange = running[id] {
            if let connection = connections.values.first(where: { $0.current === exchange }) {
                connection.abort(CancellationError())
            } else {
                // Its place is free once the connection is there that is being opened for it, or is not to be had.
                exchange.endUnsent(CancellationError())
            }
        }
    }

    /// Closes every connection; exchanges under way and waiting ones fail.
    func shutDown() {
        isShutDown = true
        for exchange in waiting { exchange.endUnsent(ExchangeError.shutDown) }
        waiting.removeAll()
        for connection in connections.values { connection.abort(ExchangeError.shutDown) }
        for exchange in running.values { end(exchange, unsent: ExchangeError.shutDown) }
    }

    /// Gives those in line their turn, as far as there is room.
    private func serve() {
        // An exchange that ends at once must not begin the next one from within.
        guard !isServing else { return }
        isServing = true
        defer { isServing = false }
        while running.count < limit, let exchange = waiting.popFirst() {
            guard exchange.isWanted() else {
                exchange.endUnsent(CancellationError())
                continue
            }
            exchange.deadline = loop.now + exchange.timeout
            running[exchange.id] = exchange
            if let connection = takeIdle() { begin(exchange, on: connection) } else { open(for: exchange) }
        }
    }

    /// Requests of one turn of the loop are sent together at its end: a server that is woken for the first one finds the
    /// others there too.
    private func begin(_ exchange: Exchange, on connection: Connection) {
        guard connection.isOpen else { return end(exchange, unsent: ExchangeError.closed) }
        connection.begin(exchange)
        unsent.append(connection)
        if unsent.count == Self.batch { return flush() }
        guard unsent.count == 1 else { return }
        let pool = NIOLoopBound(self, eventLoop: loop)
        loop.execute { pool.value.flush() }
    }

    private func flush() {
        // A connection that breaks while it is flushed gives its place to the next exchange, which is flushed later.
        let written = unsent
        unsent = []
        for connection in written { connection.flush() }
    }

    private func takeIdle() -> Connection? {
        while let connection = idle.popLast() {
            if connection.isOpen { return connection }
        }
        return nil
    }

    private func open(for exchange: Exchange) {
        connector.connect(on: loop, timeout: min(exchange.timeout, .seconds(10))) { [self] connection, exchange in
            self.isOver(exchange, on: connection)
        } completion: { [self] result in
            switch result {
            case .success(let connection):
                guard !isShutDown else { return connection.close() }
                if connection.isOpen { connections[ObjectIdentifier(connection)] = connection }
                if exchange.isOver {
                    connection.rest()
                    isOver(exchange, on: connection)
                } else {
                    begin(exchange, on: connection)
                }
            case .failure(let error): end(exchange, unsent: error)
            }
        }
    }

    private func end(_ exchange: Exchange, unsent error: any Error) {
        running[exchange.id] = nil
        exchange.endUnsent(error)
        serve()
    }

    private func isOver(_ exchange: Exchange?, on connection: Connection) {
        if let exchange { running[exchange.id] = nil }
        if connection.isOpen {
            idle.append(connection)
        } else {
            connections[ObjectIdentifier(connection)] = nil
            idle.removeAll { $0 === connection }
        }
        serve()
    }
}

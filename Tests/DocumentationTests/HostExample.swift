import Logging
import LuaMachine
import Operations
import RESTClient
import RunbookHost
import SharedLoop

// An example of the article "Embedding the host". A test holds the two against each other.

func makeHost(_ target: Target, worker path: String, logger: Logger) throws -> RunbookHost {
    let loop = SharedLoop()
    return RunbookHost(
        transport: RESTTransport(target: target, logger: logger, eventLoopGroup: loop.group),
        machines: .confined(try WorkerSupervisor(executable: path, carrier: loop)), logger: logger)
}

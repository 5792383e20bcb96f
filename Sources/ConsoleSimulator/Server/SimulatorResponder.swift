internal import ConsoleModel
internal import HTTPTypes
internal import Hummingbird
internal import NIOCore

/// Turns HTTP into questions to the simulation and its answers into HTTP, on time or with a fault.
///
/// There is no router: the paths are few, and the simulation must tell them apart itself to be testable without HTTP.
struct SimulatorResponder: HTTPResponder {
    typealias Context = SimulatorContext

    /// More than any request of the two APIs needs.
    private static let maximumBody = 8 * 1024 * 1024
    /// How many pieces a slow body comes in.
    private static let pieces = 10

    let core: SimulatorCore
    let configuration: SimulatorConfiguration

    func respond(to request: Request, context: SimulatorContext) async throws -> Response {
        var question = Self.question(request.head)
        if question.path == Simulation.ledgerPath {
            return Self.response(core.answer(question, at: configuration.clock.now))
        }
        if configuration.latency > .zero { try await configuration.clock.sleep(configuration.latency) }
        if question.method != "GET" {
            guard let body = try await Self.body(of: request) else {
                return Self.response(
                    SimulatedReply(status: 413, body: core.refusal(413, path: question.path)))
            }
            question.body = body
        }

        let fault = core.nextFault(method: question.method, path: question.path)
        let refusedStatus: Int
        switch fault {
        case .none: return Self.response(core.answer(question, at: configuration.clock.now))
        case .resetBefore:
            await context.channel.reset()
            return Response(status: .serviceUnavailable)
        case .resetAfter:
            _ = core.answer(question, at: configuration.clock.now)
            await context.channel.reset()
            return Response(status: .serviceUnavailable)
        case .truncate: return Self.truncated(core.answer(question, at: configuration.clock.now))
        case .slow: return slow(core.answer(question, at: configuration.clock.now))
        case .tooMany: refusedStatus = 429
        case .status(let status): refusedStatus = status
        }
        let mayRetry = refusedStatus == 429 || refusedStatus == 503
        return Self.response(
            SimulatedReply(
                status: refusedStatus, retryAfter: mayRetry ? configuration.faults.retryAfter : nil,
                body: core.refusal(refusedStatus, path: question.path)))
    }

    private static func question(_ head: HTTPRequest) -> SimulatedRequest {
        let target = head.path ?? "/"
        var question: SimulatedRequest
        if let mark = target.utf8.firstIndex(of: UInt8(ascii: "?")) {
            question = SimulatedRequest(path: String(target[..<mark]))
            question.query = String(target[target.utf8.index(after: mark)...])
        } else {
            question = SimulatedRequest(path: target)
        }
        question.method = head.method.rawValue
        for field in head.headerFields {
            switch field.name.canonicalName {
            case "authorization": question.authorization = field.value
            case "token": question.token = field.value
            case "x-xdr-auth-id": question.xpanseKeyID = field.value
            case "x-xdr-nonce": question.nonce = field.value
            case "x-xdr-timestamp": question.timestamp = field.value
            default: break
            }
        }
        return question
    }

    private static func body(of request: Request) async throws -> [UInt8]? {
        var body: [UInt8] = []
        for try await buffer in request.body {
            guard body.count + buffer.readableBytes <= maximumBody else { return nil }
            body.append(contentsOf: buffer.readableBytesView)
        }
        return body
    }

    // MARK: Responses

    private static let jsonType = "application/json;charset=UTF-8"

    private static func response(_ reply: SimulatedReply, body: ResponseBody? = nil) -> Response {
        var headers = HTTPFields()
        if !reply.body.isEmpty { headers[.contentType] = jsonType }
        if let challenge = reply.challenge { headers[.wwwAuthenticate] = challenge }
        if let allow = reply.allow { headers[.allow] = allow }
        if let retryAfter = reply.retryAfter { headers[.retryAfter] = String(retryAfter) }
        return Response(
            status: HTTPResponse.Status(code: reply.status), headers: headers,
            body: body ?? ResponseBody(byteBuffer: ByteBuffer(bytes: reply.body)))
    }

    /// Promises the whole body, sends half, and fails: the server then closes the connection.
    private static func truncated(_ reply: SimulatedReply) -> Response {
        struct Truncated: Error {}
        let half = ByteBuffer(bytes: reply.body.prefix(reply.body.count / 2))
        let body = ResponseBody(contentLength: Swift.max(1, reply.body.count)) { writer in
            try await writer.write(half)
            throw Truncated()
        }
        return response(reply, body: body)
    }

    private func slow(_ reply: SimulatedReply) -> Response {
        let bytes = reply.body
        let size = Swift.max(1, (bytes.count + Self.pieces - 1) / Self.pieces)
        let pause = configuration.faults.slowness / Self.pieces
        let clock = configuration.clock
        let body = ResponseBody(contentLength: bytes.count) { writer in
            for start in stride(from: 0, to: bytes.count, by: size) {
                try await clock.sleep(pause)
                try await writer.write(ByteBuffer(bytes: bytes[start..<Swift.min(start + size, bytes.count)]))
            }
            try await writer.finish(nil)
        }
        return Self.response(reply, body: body)
    }
}

/// The HTTP request that a call becomes: everything but the address and the credentials.
public struct OperationRequest: Sendable, Hashable {
    /// Who is asked.
    public let service: Service
    /// The method.
    public let method: Endpoint.Method
    /// The path, percent-encoded, with its query: `/api/3/roles/Site%20Admin%20Custom`.
    public let target: String
    /// The JSON body in clear, or `nil` for none. It may hold a secret: never log it.
    public let body: [UInt8]?

    /// The request for `call`, or `nil` if its operation is not sent over HTTP.
    public init?(_ call: OperationCall) {
        guard let endpoint = call.operation.endpoint else { return nil }
        service = endpoint.service
        method = endpoint.method
        target = Self.target(of: endpoint, for: call)
        body = Self.body(of: endpoint, for: call)
    }

    /// The path with its places filled, then the query. A place that no parameter fills stays as it is.
    private static func target(of endpoint: Endpoint, for call: OperationCall) -> String {
        var target: [UInt8] = []
        target.reserveCapacity(128)
        var rest = Substring(endpoint.path).utf8
        while let open = rest.firstIndex(of: UInt8(ascii: "{")),
            let close = rest[open...].firstIndex(of: UInt8(ascii: "}"))
        {
            target.append(contentsOf: rest[..<open])
            let place = Substring(rest[rest.index(after: open)..<close])
            if let value = call.pathArgument(place) {
                PercentEncoding.append(segment: plain(value), to: &target)
            } else {
                target.append(contentsOf: rest[open...close])
            }
            rest = rest[rest.index(after: close)...]
        }
        target.append(contentsOf: rest)

        var separator = UInt8(ascii: "?")
        for parameter in call.operation.parameters where parameter.location == .query {
            guard let value = call.arguments[parameter.name] else { continue }
            for item in value.arrayValue ?? [value] {
                target.append(separator)
                PercentEncoding.append(parameter.wireName, to: &target)
                target.append(UInt8(ascii: "="))
                PercentEncoding.append(plain(item), to: &target)
                separator = UInt8(ascii: "&")
            }
        }
        return String(decoding: target, as: UTF8.self)
    }

    private static func body(of endpoint: Endpoint, for call: OperationCall) -> [UInt8]? {
        let given = call.operation.parameters.lazy
            .filter { $0.location == .body }
            .compactMap { parameter in call.arguments[parameter.name].map { (parameter.wireName, $0) } }
        switch endpoint.body {
        case .none: return nil
        case .value: return given.first?.1.bytes(revealingSecrets: true)
        case .envelope(let key, var members):
            for (name, value) in given { members[name] = value }
            return JSONValue.object([key: .object(members)]).bytes(revealingSecrets: true)
        }
    }

    /// A secret stays closed: an address is written into logs all along the way.
    private static func plain(_ value: JSONValue) -> String { value.stringValue ?? value.text }
}

extension OperationRequest: CustomStringConvertible, CustomReflectable {
    /// `PUT /api/3/users/7 with a body of 120 bytes`: safe to log.
    public var description: String {
        let start = "\(method.rawValue) \(target)"
        return body.map { "\(start) with a body of \($0.count) bytes" } ?? start
    }

    /// Without the body, so that `dump` and test failures do not show it either.
    public var customMirror: Mirror { Mirror(self, children: ["service": service.rawValue, "request": description]) }
}

extension OperationCall {
    /// The argument whose parameter fills the place `wireName` of the path.
    fileprivate func pathArgument(_ wireName: Substring) -> JSONValue? {
        for parameter in operation.parameters where parameter.location == .path && parameter.wireName == wireName {
            return arguments[parameter.name]
        }
        return nil
    }
}

/// One entry of the catalogue: everything that the Lua binding, the request, the policy, the retry, the help text and
/// the tests need to know of an operation. Adding an operation is adding one of these.
public struct Operation: Sendable, Hashable {
    /// How a script passes the arguments.
    public enum Convention: Sendable, Hashable {
        /// One after the other, in the order of ``Operation/parameters``: `users.get(7)`.
        case positional
        /// In one table, by name: `users.page { page = 0, size = 500 }`.
        case named
    }

    /// The name in Lua, `table.function`.
    public let name: String
    /// The name in the API's own documentation, such as `unlock_user`.
    public let apiName: String
    /// The request it becomes, or `nil` for an operation that an embedding program handles itself.
    public let endpoint: Endpoint?
    /// Its arguments, in order; optional ones last.
    public let parameters: [Parameter]
    /// How they are passed. Default: positional.
    public let convention: Convention
    /// What a script gets of the reply.
    public let result: ResultShape
    /// The specification's name for the reply's body at status 200.
    public let resultModel: String
    /// The statuses other than 200 that the specification lists.
    public let errorStatuses: [Int]
    /// What it may do to the world.
    public let effect: EffectClass
    /// The right a manifest must ask for.
    public let capability: Capability
    /// One line: what it does, in the imperative.
    public let summary: String
    /// What a person must know to use it: limits, surprises, what the console does besides.
    public let documentation: String

    /// Whether none of its arguments can be a secret. Found out once: it is asked for each call.
    package let isFreeOfSecrets: Bool

    /// An entry.
    public init(
        _ name: String, apiName: String, endpoint: Endpoint?, parameters: [Parameter] = [],
        convention: Convention = .positional, result: ResultShape, resultModel: String = "",
        errorStatuses: [Int] = [], effect: EffectClass, capability: Capability, summary: String,
        documentation: String = ""
    ) {
        self.name = name
        self.apiName = apiName
        self.endpoint = endpoint
        self.parameters = parameters
        isFreeOfSecrets = parameters.allSatisfy(\.secretNames.isEmpty)
        self.convention = convention
        self.result = result
        self.resultModel = resultModel
        self.errorStatuses = errorStatuses
        self.effect = effect
        self.capability = capability
        self.summary = summary
        self.documentation = documentation
    }

    /// The Lua table the function lives in: `users` of `users.unlock`.
    public var table: String { name.split(separator: ".").first.map(String.init) ?? name }
    /// The function's own name: `unlock` of `users.unlock`.
    public var function: String { name.split(separator: ".").last.map(String.init) ?? name }

    /// How a call is written: `users.add_site(id, site_id)`; optional arguments in brackets.
    public var signature: String {
        switch convention {
        case .named: "\(name) { \(parameters.map(\.name).joined(separator: ", ")) }"
        case .positional:
            "\(name)(\(parameters.map { $0.isRequired ? $0.name : "[\($0.name)]" }.joined(separator: ", ")))"
        }
    }
}

/// A set of operations, found by name.
public struct Catalogue: Sendable {
    /// The operations, in the order they were given.
    public let operations: [Operation]
    /// The names under which the operations take secrets: whatever a server answers under one of them is one too.
    package let secretNames: Set<String>
    private let byName: [String: Operation]
    private let byAPIName: [String: Operation]

    /// A catalogue of `operations`; of two with one name the later one wins, in the place of the first.
    public init(_ operations: [Operation]) {
        let byName = Dictionary(operations.map { ($0.name, $0) }, uniquingKeysWith: { $1 })
        var seen: Set<String> = []
        let unique = operations.compactMap { seen.insert($0.name).inserted ? byName[$0.name] : nil }
        self.byName = byName
        self.operations = unique
        secretNames = Set(unique.flatMap { $0.parameters.flatMap(\.secretNames) })
        byAPIName = Dictionary(unique.map { ($0.apiName, $0) }, uniquingKeysWith: { first, _ in first })
    }

    /// The operation called `name` in Lua, or else by its API: of several with one API name the first.
    ///
    /// So `users.page` and `get_users` are one operation; Xpanse's `get_users`, which is later, is `xpanse.users`.
    public subscript(name: String) -> Operation? { byName[name] ?? byAPIName[name] }

    /// This catalogue with more operations after its own.
    public func adding(_ more: [Operation]) -> Catalogue { Catalogue(operations + more) }

    /// Both APIs: the 32 user-administration operations of the console, and the roles of Xpanse.
    public static let standard = Catalogue(Operation.console + Operation.xpanse)
}

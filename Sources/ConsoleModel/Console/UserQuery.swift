/// The query of `GET /api/3/users`.
struct UserQuery: Sendable, Hashable {
    /// The console answers no more than this; a larger size is answered as this.
    static let maximumSize = 500

    var page = 0
    var size = 10
    var sort: [SortTerm] = []
    /// The criteria as they were sent, for the links to other pages.
    private(set) var sortTexts: [String] = []

    /// Reads a query; unknown parameters are ignored.
    init(parsing query: String) throws(ConsoleError) {
        for item in query.utf8.split(separator: UInt8(ascii: "&")) {
            let pair = item.split(separator: UInt8(ascii: "="), maxSplits: 1, omittingEmptySubsequences: false)
            guard let name = PercentEncoding.decode(pair[0], plusIsSpace: true),
                let value = pair.count == 2 ? PercentEncoding.decode(pair[1], plusIsSpace: true) : ""
            else { throw .badRequest("The query is not valid.") }
            switch name {
            case "page":
                guard let number = Int(value), (0...Int(Int32.max)).contains(number) else {
                    throw .badRequest("The parameter page must be a number from 0.")
                }
                page = number
            case "size":
                guard let number = Int(value), number > 0 else {
                    throw .badRequest("The parameter size must be a number from 1 to \(Self.maximumSize).")
                }
                size = Swift.min(number, Self.maximumSize)
            case "sort":
                sort.append(try SortTerm(parsing: value))
                sortTexts.append(PercentEncoding.encode(value))
            default: break
            }
        }
    }

    /// The query that asks for another page in the same way.
    func text(page: Int) -> String {
        "page=\(page)&size=\(size)" + sortTexts.map { "&sort=\($0)" }.joined()
    }
}

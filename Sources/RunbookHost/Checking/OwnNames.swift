/// The names that a script makes itself: it may give them any meaning.
struct OwnNames {
    var globals: Set<String> = []
    var members: Set<String> = []

    init(_ usage: GlobalUsage) {
        for access in usage.accesses where access.kind == .write {
            if access.path.count == 1 { globals.insert(access.path[0]) }
            if access.path.count == 2 { members.insert(access.name) }
        }
    }
}

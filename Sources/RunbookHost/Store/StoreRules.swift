/// What every store keeps to.
package enum StoreRules {
    /// How many characters of an id are enough to ask for it.
    package static let shortestBeginning = 4

    /// How many ids a store must find that begin with what was asked for, to say which they are.
    package static let candidates: Int64 = 6

    /// The one id that was asked for.
    ///
    /// - Parameter found: the ids that begin with it, in order of their bytes: the first few.
    package static func only(of found: [String], for asked: String, kind: String) throws(StoreError) -> String {
        guard let first = found.first else { throw .unknown(asked) }
        if first == asked { return first }
        guard asked.utf8.count >= shortestBeginning else {
            throw .unusable(
                "'\(asked)' is too short to tell which \(kind) is meant: give its id, or the first \(shortestBeginning) "
                    + "characters of it or more")
        }
        guard found.count == 1 else {
            let names = found.prefix(5).joined(separator: ", ")
            throw .unusable(
                "'\(asked)' is the beginning of several \(kind)s: \(names)\(found.count > 5 ? " and others" : ""); give more "
                    + "of the id")
        }
        return first
    }

    /// Whether rows follow the last one of a journal: without gaps, each with the hash that follows from the one before.
    ///
    /// - Parameters:
    ///   - sequence: the last row's place; 0 if there is none.
    ///   - hash: the last row's hash; empty if there is none.
    /// - Returns: the new last row's place and hash.
    package static func check(
        _ rows: [JournalRow], of run: String, after sequence: Int64, hash: [UInt8]
    ) throws(StoreError) -> (sequence: Int64, hash: [UInt8]) {
        var (sequence, hash) = (sequence, hash)
        for row in rows {
            guard row.sequence == sequence + 1 else {
                throw .unusable(
                    "cannot add row \(row.sequence) to the journal of the run \(run): it ends with row \(sequence); resume the "
                        + "run, which reads it anew")
            }
            guard row.hash == row.chainHash(after: hash) else {
                throw .unusable(
                    "cannot add row \(row.sequence) to the journal of the run \(run): its hash does not follow from the row "
                        + "before; resume the run, which reads it anew")
            }
            sequence = row.sequence
            hash = row.hash
        }
        return (sequence, hash)
    }

    /// A runbook's name without its folders and without `.lua`.
    package static func name(of runbook: String) -> String {
        let name = runbook.utf8.split(separator: UInt8(ascii: "/")).last.map { String($0) ?? "" } ?? runbook
        return name.hasSuffix(".lua") ? String(name.dropLast(4)) : name
    }

    /// The name that a filter asks for; a path with folders is no name.
    package static func name(asked filter: String) -> String {
        filter.utf8.contains(UInt8(ascii: "/")) ? filter : name(of: filter)
    }

    /// Whether the owner of a lease has not been heard of for too long.
    package static func hasRunOut(renewed: Int64, now: Int64) -> Bool { now - renewed >= RunLease.milliseconds }
}

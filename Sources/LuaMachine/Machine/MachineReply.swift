internal import CRunbookVM

/// The host's answer to a call.
public struct MachineReply: Sendable {
    /// How the machine reads the answer's JSON.
    public struct Reading: OptionSet, Sendable, Hashable {
        /// The bits of the C interface.
        public let rawValue: UInt32
        /// Some of the members below.
        public init(rawValue: UInt32) { self.rawValue = rawValue }

        /// Leave out every object's `links`.
        public static let droppingLinks = Reading(rawValue: UInt32(RB_REPLY_DROP_LINKS.rawValue))
        /// Take only the array `resources` of the object.
        public static let resources = Reading(rawValue: UInt32(RB_REPLY_RESOURCES.rawValue))
        /// Give the object's `page` as a second value.
        public static let page = Reading(rawValue: UInt32(RB_REPLY_PAGE.rawValue))
        /// Read `{"$secret": N}` as a handle on secret N. Only for JSON that the host made itself.
        public static let secrets = Reading(rawValue: UInt32(RB_REPLY_SECRETS.rawValue))
        /// The JSON is an error table, raised where the call was made.
        public static let error = Reading(rawValue: UInt32(RB_REPLY_ERROR.rawValue))
        /// There is no JSON; the call returns nothing.
        public static let nothing = Reading(rawValue: UInt32(RB_REPLY_NOTHING.rawValue))
    }

    /// The call it answers.
    public var id: UInt32
    /// How the JSON is read.
    public var reading: Reading
    /// The answer, JSON.
    public var json: [UInt8]
    /// The host's time in milliseconds since 1970, for where a script cannot ask.
    public var unixMilliseconds: Int64
    /// Milliseconds since the run began.
    public var runMilliseconds: Int64

    /// An answer.
    ///
    /// - Parameters:
    ///   - id: see ``id``.
    ///   - reading: Default: the JSON as it is.
    ///   - json: see ``json``.
    ///   - unixMilliseconds: Default: 0.
    ///   - runMilliseconds: Default: 0.
    public init(
        id: UInt32, reading: Reading = [], json: [UInt8], unixMilliseconds: Int64 = 0, runMilliseconds: Int64 = 0
    ) {
        self.id = id
        self.reading = reading
        self.json = json
        self.unixMilliseconds = unixMilliseconds
        self.runMilliseconds = runMilliseconds
    }
}

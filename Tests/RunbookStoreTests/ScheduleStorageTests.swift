import Operations
import RunbookHost
import RunbookSchedule
import Testing

/// What is stored of a schedule and a notice, and that nothing less is read as one.
@Suite struct ScheduleStorageTests {
    @Test(arguments: [Schedule.full("s-1"), .sample("s-2"), .sample("s-3", next: nil)])
    func aScheduleComesBackAsItWas(_ schedule: Schedule) throws {
        #expect(Schedule(schedule.json) == schedule)
        #expect(Schedule(try JSONValue(parsing: schedule.json.bytes())) == schedule)
    }

    @Test func aNoticeComesBackAsItWas() throws {
        var notice = Notice.sample("n-1")
        notice.due = 7
        notice.attempts = 2
        #expect(Notice(try JSONValue(parsing: notice.json.bytes())) == notice)
    }

    @Test(arguments: SchedulePhase.allCases, Overlap.allCases)
    func everyWordComesBack(_ phase: SchedulePhase, _ overlap: Overlap) {
        for mode in CatchUp.Mode.allCases {
            let schedule = Schedule.sample("s-1").changed {
                $0.phase = phase
                $0.overlap = overlap
                $0.catchUp.mode = mode
            }
            #expect(Schedule(schedule.json) == schedule)
        }
    }

    @Test func whatIsMissingIsNotMadeUp() throws {
        let members = try #require(Schedule.full("s-1").json.objectValue)
        let optional: Set = [
            "paused", "sealed", "target", "starting", "until", "time_limit", "max_changes", "next", "ready", "spent",
            "untold",
        ]
        for name in members.keys {
            var fewer = members
            fewer[name] = nil
            #expect((Schedule(.object(fewer)) != nil) == optional.contains(name), "\(name)")
        }
        for name in try #require(Notice.sample("n-1").json.objectValue).keys {
            var fewer = try #require(Notice.sample("n-1").json.objectValue)
            fewer[name] = nil
            #expect(Notice(.object(fewer)) == nil, "\(name)")
        }
    }

    @Test func whatIsNotWhatItShouldBeIsNotReadAsSuch() throws {
        let members = try #require(Schedule.full("s-1").json.objectValue)
        for name in members.keys {
            for wrong in [JSONValue.null, .array([.null]), .object(["a": 1])] {
                // Any object may be parameters.
                if name == "parameters", wrong.objectValue != nil { continue }
                var other = members
                other[name] = wrong
                #expect(Schedule(.object(other)) == nil, "\(name) \(wrong)")
            }
        }
        for (name, wrong) in [
            ("phase", "asleep"), ("overlap", "whatever"), ("sealed", "0g"), ("max_changes", 0.5), ("next", "1"),
        ] as [(String, JSONValue)] {
            var other = members
            other[name] = wrong
            #expect(Schedule(.object(other)) == nil, "\(name)")
        }
        #expect(Schedule(.null) == nil)
        #expect(Notice(.array([])) == nil)
    }

    @Test func whatIsMissingWithinAMemberIsNotMadeUp() throws {
        func isRead(_ path: String, _ member: JSONValue) throws -> Bool {
            var members = try #require(Schedule.full("s-1").json.objectValue)
            members[path] = member
            return Schedule(.object(members)) != nil
        }
        for (path, whole) in [
            ("catch_up", CatchUp().json), ("retry", Retry().json),
            ("untold", MissedSlots(count: 1, first: 2, last: 3, reason: "").json),
        ] {
            #expect(try isRead(path, whole))
            for name in try #require(whole.objectValue).keys {
                var fewer = try #require(whole.objectValue)
                fewer[name] = nil
                #expect(try !isRead(path, .object(fewer)), "\(path).\(name)")
            }
        }
        #expect(try isRead("hooks", .array([Hook("a").json])))
        #expect(try !isRead("hooks", .array([Hook("a").json, ["destination": "b"]])))
        #expect(try !isRead("hooks", .array([["destination": "b", "kinds": .array(["unheard"])]])))
    }
}

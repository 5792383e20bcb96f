import RunbookHost
import Testing

@testable import RunbookSchedule

@Suite("Whether other schedulers live")
struct LookoutTests {
    private func carrier(_ process: Int32, beats: Int64) -> Carrier {
        Carrier(id: "c\(process)", owner: .sample(process), began: noon, beats: beats)
    }

    @Test func whoCountsLivesAndWhoDoesNotIsDeadAfterAWhile() {
        var lookout = Lookout(silence: .seconds(30))
        for second in 0..<120 {
            let carriers = [carrier(1, beats: Int64(second / 5)), carrier(2, beats: 7)]
            let dead = lookout.dead(among: carriers, isAlive: { _ in true }, now: .seconds(second))
            #expect(dead.map(\.id) == (second < 30 ? [] : ["c2"]))
        }
    }

    @Test func whoIsKnownToBeGoneIsDeadAtOnce() {
        var lookout = Lookout(silence: .seconds(30))
        let carriers = [carrier(1, beats: 0), carrier(2, beats: 0)]
        #expect(lookout.dead(among: carriers, isAlive: { $0.process != 2 }, now: .zero).map(\.id) == ["c2"])
    }

    @Test func whoeverWasAwayHimselfBeginsToWatchAnew() {
        var lookout = Lookout(silence: .seconds(30))
        let carriers = [carrier(1, beats: 0)]
        #expect(lookout.dead(among: carriers, isAlive: { _ in nil }, now: .zero).isEmpty)
        lookout.forget()
        #expect(lookout.dead(among: carriers, isAlive: { _ in nil }, now: .seconds(600)).isEmpty)
        #expect(lookout.dead(among: carriers, isAlive: { _ in nil }, now: .seconds(630)).map(\.id) == ["c1"])
    }
}

import Logging
import Operations
import RunbookHost
import RunbookSchedule

/// What the daemon says of its work.
struct DaemonLog: Sendable {
    let logger: Logger

    /// Says what happened, if it is worth a line.
    func note(_ event: SchedulerEvent) {
        switch event {
        case .started(let order):
            // What is that late waits for free places, or for others' ends.
            logger.log(
                level: order.takesUp || order.lateness < 60_000 ? .info : .warning,
                order.takesUp ? "taking up a slot's run" : "starting a slot",
                metadata: Self.names(order.schedule, order.slot).merging([
                    "run": "\(order.run)", "late_ms": .stringConvertible(order.lateness),
                ]) { $1 })
        case .ended(let order, let result, let slot): ended(order, result, slot)
        case .decided(let schedule, let slot): decided(schedule, slot)
        case .adopted(let carrier, let slots):
            logger.warning(
                "another scheduler is gone; its slots are taken over",
                metadata: [
                    "host": "\(carrier.owner.host)", "pid": .stringConvertible(carrier.owner.process),
                    "slots": .stringConvertible(slots),
                ])
        case .storeFailed(let error):
            logger.error("the database cannot be used; trying again", metadata: ["reason": "\(error.description)"])
        case .storeRecovered: logger.notice("the database can be used again")
        case .unreadable(let schedule, let fault):
            logger.error(
                "a schedule cannot be planned and was paused",
                metadata: ["schedule": "\(schedule.name)", "reason": "\(fault.description)"])
        case .clockJumped(let milliseconds):
            let by = Duration.milliseconds(abs(milliseconds)).readable
            logger.warning(
                milliseconds > 0
                    ? "the clock was put forward; slots in between are caught up or missed, as each schedule says"
                    : "the clock was put back; no slot that has run runs again", metadata: ["by": "\(by)"])
        case .slept(let milliseconds):
            let what = "the machine slept, this process was stopped or the database kept it waiting"
            logger.warning(
                "\(what); slots in between are caught up or missed, as each schedule says",
                metadata: ["for": "\(Duration.milliseconds(milliseconds).readable)"])
        case .givenUp:
            logger.warning(
                "others took this daemon for dead, and its runs over; it goes on with what is due from now on")
        case .looked: break
        }
    }

    private func ended(_ order: SlotOrder, _ result: SlotResult, _ slot: Slot?) {
        var metadata = Self.names(order.schedule, order.slot)
        metadata["run"] = "\(order.run)"
        guard let slot else {
            return logger.warning("a slot's run has ended here, and another daemon has the slot", metadata: metadata)
        }
        if let outcome = slot.outcome { metadata["status"] = "\(outcome.rawValue)" }
        if !slot.reason.isEmpty { metadata["reason"] = "\(slot.reason)" }
        switch slot.state {
        case .ran where slot.outcome == .succeeded: logger.info("a slot has ended", metadata: metadata)
        case .ran: logger.error("a slot has ended", metadata: metadata)
        case .waiting:
            metadata["again"] = "\(Timestamp(unixMilliseconds: slot.due))"
            logger.warning("a slot has failed and is tried again", metadata: metadata)
        case .interrupted:
            logger.notice("a slot's run was left where it is; it is taken up later", metadata: metadata)
        case .skipped, .missed, .running: logger.error("a slot could not be run", metadata: metadata)
        }
    }

    private func decided(_ schedule: Schedule, _ slot: Slot) {
        guard slot.state.isEnd else { return }
        var metadata = Self.names(schedule, slot)
        metadata["reason"] = "\(slot.reason)"
        switch slot.state {
        case .missed: logger.warning("a slot was missed", metadata: metadata)
        case .skipped where schedule.phase == .paused: logger.debug("a slot was skipped", metadata: metadata)
        default: logger.notice("a slot was skipped", metadata: metadata)
        }
    }

    private static func names(_ schedule: Schedule, _ slot: Slot) -> Logger.Metadata {
        ["schedule": "\(schedule.name)", "slot": "\(Timestamp(unixMilliseconds: slot.planned))"]
    }
}

/// How much later than planned slots start, so that not all schedules begin in the same moment.
enum Jitter {
    /// A slot's part of its schedule's jitter, in milliseconds: whoever asks gets the same.
    static func delay(of planned: Int64, in schedule: Schedule) -> Int64 {
        guard schedule.jitter > 0 else { return 0 }
        // FNV-1a over what names the slot, and a last mix, for its low bits are poor.
        var hash: UInt64 = 0xcbf2_9ce4_8422_2325
        for byte in schedule.id.utf8 { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01b3 }
        hash ^= UInt64(bitPattern: planned)
        hash = (hash ^ hash >> 33) &* 0xff51_afd7_ed55_8ccd
        hash ^= hash >> 33
        return Int64(hash % UInt64(schedule.jitter))
    }
}

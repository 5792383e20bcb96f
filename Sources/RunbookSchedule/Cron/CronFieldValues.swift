/// What a field of a cron expression says.
struct CronFieldValues {
    /// Its numbers, a bit each; 7 of the weekdays is 0 here.
    var numbers: UInt64 = 0
    /// Whether it begins with `*`, on which some of cron's rules depend.
    var startsWithStar = false
    /// `L` and `L-n` of the days of the month: bit n is set.
    var beforeLast: UInt32 = 0
    /// `LW`.
    var lastWorkday = false
    /// `nW`: bit n is set.
    var nearestWorkdays: UInt32 = 0
    /// `nL` of the weekdays: bit n is set.
    var lastWeekdays: UInt8 = 0
    /// `n#m`: bit `(m - 1) * 7 + n` is set.
    var nthWeekdays: UInt64 = 0
}

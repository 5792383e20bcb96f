extension Int64 {
    /// The quotient rounded down, also for times before 1970.
    ///
    /// - Parameter divisor: above zero.
    package func dividedDown(by divisor: Int64) -> Int64 {
        let quotient = self / divisor
        return self < quotient * divisor ? quotient - 1 : quotient
    }
}

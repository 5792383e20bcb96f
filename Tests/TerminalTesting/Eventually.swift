/// Waits until something is so, for as long as a slow machine may take.
package func eventually(_ condition: () -> Bool) async -> Bool {
    let end = ContinuousClock.now + .seconds(120)
    while ContinuousClock.now < end {
        if condition() { return true }
        try? await Task.sleep(for: .milliseconds(2))
    }
    // Others may have had the threads to themselves since the last time.
    return condition()
}

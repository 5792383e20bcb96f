import ArgumentParser

/// How log lines are written.
package enum LogFormat: String, ExpressibleByArgument, CaseIterable, Sendable {
    case text, json
}

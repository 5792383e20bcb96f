package import ArgumentParser

/// Names of log levels, as scripts use them.
package enum LogLevel: String, ExpressibleByArgument, CaseIterable, Sendable {
    case debug, info, warn, error
}

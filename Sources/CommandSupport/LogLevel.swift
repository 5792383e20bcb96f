public import ArgumentParser

/// Names of log levels, as scripts use them.
public enum LogLevel: String, ExpressibleByArgument, CaseIterable, Sendable {
    case debug, info, warn, error
}

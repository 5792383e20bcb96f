public import ArgumentParser

/// How log lines are written.
public enum LogFormat: String, ExpressibleByArgument, CaseIterable, Sendable {
    case text, json
}

import Operations
import Testing

extension CommandHarness {
    /// Says hello; needs nothing and nobody.
    static let greeting = """
        runbook { title = "Greeting", params = {
            role = { type = "string", required = true, pattern = "[a-z0-9-]+", doc = "whom to greet" },
            times = { type = "integer" }, key = { type = "secret" },
        } }
        return "hello " .. params.role
        """

    /// Runs `body` with a runbook that can be scheduled, on a machine in Berlin.
    static func withGreeting(_ body: (CommandHarness, _ file: String) async throws -> Void) async throws {
        try await without { harness in
            var harness = harness
            harness.environment["TZ"] = "Europe/Berlin"
            try await body(harness, try harness.write(greeting, to: "greet.lua"))
        }
    }

    func run(_ arguments: [String]) async throws -> CommandProcess.Outcome {
        try await CommandProcess(
            arguments, environment: environment, directory: directory, program: CommandProcess.program
        ).outcome
    }

    /// A schedule as `runbook schedule show --json` has it.
    func schedule(_ name: String) async throws -> JSONValue {
        try JSONValue(parsing: try await run("schedule", "show", name, "--json").output)
    }

    /// Starts a daemon and runs `body` while it is there.
    func withDaemon(_ body: () async throws -> Void) async throws {
        let daemon = try start("serve")
        defer { daemon.send(9) }
        try await daemon.wait(for: "runs the schedules in")
        try await body()
    }
}

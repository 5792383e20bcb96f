import Testing

@testable import runbook

@Suite("Programs that print secrets") struct CredentialCommandTests {
    @Test("one that prints no more and goes on is ended too", .timeLimit(.minutes(1)))
    func goingOn() {
        let command = CredentialCommand(
            ["sh", "-c", "echo s3cret; exec sleep 600 >&-"], environment: ["PATH": "/usr/bin:/bin"],
            timeout: .milliseconds(300))
        let error = #expect(throws: CredentialCommand.Failure.self) { try command.run() }
        #expect(error?.reason.hasPrefix("did not end within") == true)
    }
}

import Glibc
import RunbookHost
import RunbookStore
import Testing

@Suite final class SQLiteSharingTests {
    private let folder = TemporaryFolder()

    @Test func probe() async throws {
        let path = folder.path
        await #expect(processExitsWith: .exitCode(7)) { [path = path as String] in
            print(path)
            exit(path.hasPrefix("/tmp/") ? 7 : 8)
        }
    }
}

import CommandSupport
import Glibc
import RunbookHost
import RunbookTesting

/// Finds test files and the runbooks that they are about.
enum TestFiles {
    /// A file of tests that was found.
    struct Found: Sendable {
        /// The test file's name.
        let name: String
        /// The tests and their runbook, or why they cannot be read.
        let file: Result<TestFile, CommandError>
    }

    /// The tests that the paths name: a runbook, its tests, or a folder with tests in it and below. What is wrong with one that
    /// was found in a folder is told as its own; what is named must be right.
    ///
    /// - Parameters:
    ///   - directories: where runbooks are found by their names.
    ///   - workingDirectory: where the paths start from: none is found twice, however it is spelt.
    static func find(
        _ paths: [String], directories: [String], from workingDirectory: String
    ) throws(CommandError) -> [Found] {
        var seen: Set<String> = []
        var found: [Found] = []
        for path in paths {
            let isFolder = LocalFiles().status(path)?.isDirectory == true
            let names = isFolder ? try below(path) : [try named(path, directories)]
            for name in names {
                let file = Result { () throws(CommandError) in try read(name) }
                if !isFolder { _ = try file.get() }
                guard seen.insert(Path.joined(workingDirectory, name)).inserted else { continue }
                found.append(Found(name: name, file: file))
            }
        }
        return found
    }

    /// The tests of a runbook, or the tests themselves.
    private static func named(_ path: String, _ directories: [String]) throws(CommandError) -> String {
        if TestFile.runbook(of: path) != nil { return path }
        let runbook = try RunbookFile.read(path, directories: directories)
        let tests = TestFile.tests(of: runbook.name)
        guard LocalFiles().status(tests) != nil else {
            throw CommandError("\(runbook.name) has no tests: they belong in \(tests), beside it")
        }
        return tests
    }

    private static func read(_ name: String) throws(CommandError) -> TestFile {
        let tests = try RunbookFile.read(path: name)
        guard let path = TestFile.runbook(of: name) else {
            throw CommandError("\(name) is no test file: its name must end with \(TestFile.suffix)")
        }
        guard LocalFiles().status(path) != nil else {
            throw CommandError("\(name) tests \(path), and there is no such runbook: put the tests beside it")
        }
        return TestFile(tests: tests, of: try RunbookFile.read(path: path))
    }

    /// Test files in a folder and below, sorted; folders that are hidden, or links, are passed over.
    private static func below(_ directory: String) throws(CommandError) -> [String] {
        let names: [String]
        do throws(FileFailure) { names = try LocalFiles.names(in: directory) ?? [] } catch {
            throw CommandError("the folder \(directory) cannot be read: \(error.reason)")
        }
        let prefix = directory == "." ? "" : directory.hasSuffix("/") ? directory : directory + "/"
        var found: [String] = []
        for name in names.sorted() where !name.hasPrefix(".") {
            let path = prefix + name
            if isFolder(path) {
                found += try below(path)
            } else if name.hasSuffix(TestFile.suffix) {
                found.append(path)
            }
        }
        return found
    }

    private static func isFolder(_ path: String) -> Bool {
        var information = stat()
        return lstat(path, &information) == 0 && information.st_mode & S_IFMT == S_IFDIR
    }
}

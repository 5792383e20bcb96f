import CommandSupport
import Glibc
import RunbookHost
import RunbookTesting

/// Finds test files and the runbooks that they are about.
enum TestFiles {
    /// The tests that the paths name: a runbook, its tests, or a folder with tests in it and below.
    ///
    /// - Parameter directories: where runbooks are found by their names.
    static func find(_ paths: [String], directories: [String]) throws(CommandError) -> [TestFile] {
        var seen: Set<String> = []
        var found: [TestFile] = []
        for path in paths {
            let names: [String]
            if LocalFiles().status(path)?.isDirectory == true {
                names = try below(path)
            } else if TestFile.runbook(of: path) != nil {
                names = [path]
            } else {
                let runbook = try RunbookFile.read(path, directories: directories)
                let tests = TestFile.tests(of: runbook.name)
                guard LocalFiles().status(tests) != nil else {
                    throw CommandError(
                        "\(runbook.name) has no tests: they belong in \(tests), beside it")
                }
                names = [tests]
            }
            for name in names where seen.insert(name).inserted { found.append(try read(name)) }
        }
        return found
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
            if name.hasSuffix(TestFile.suffix) {
                found.append(path)
            } else if isFolder(path) {
                found += try below(path)
            }
        }
        return found
    }

    private static func isFolder(_ path: String) -> Bool {
        var information = stat()
        return lstat(path, &information) == 0 && information.st_mode & S_IFMT == S_IFDIR
    }
}
